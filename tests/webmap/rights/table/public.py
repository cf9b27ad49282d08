"""What everybody may see, and tell: no account, and a token where a session is looked at."""

from __future__ import annotations

from tests.webmap.rights.right import Right, public

AT = "lon={lon}&lat=39.93"

RIGHTS = (
    public("public.finder", "/"),
    public("public.near", f"/near?{AT}"),
    public("public.map_page", "/map"),
    public("public.station", "/s/{station}"),
    public("public.privacy", "/privacy"),
    public("public.alive", "/healthz"),
    public("public.ready", "/readyz"),
    Right(
        "public.tell",
        "POST",
        "/s/{station}/tell",
        done=303,
        writes=True,
        needs_token=False,  # it reads no cookie, and takes nothing from other sites
        form={"what": "open"},
    ),
    public("printed.area_page", "/print?area={area}"),
    public("printed.area_pdf", "/print.pdf?area={area}"),
    public("printed.poster", "/s/{station}/poster"),
    public("printed.poster_pdf", "/s/{station}/poster.pdf"),
    public("offline.manifest", "/manifest.webmanifest"),
    public("offline.page", "/offline"),
    public("offline.pack", f"/offline/pack?{AT}"),
    public("offline.worker", "/sw.js"),
    public("maps.script", "/maps/finder.js"),
    public("tiles.tile", "/base/12/3373/1552.mvt", done=204),  # this world has no city
    public("static", "/static/nuanyi.css"),
)

"""GPS tracks and planned beats: read, cleaned or timed, cut into trips and steps."""

from geo.tracks.beats import Beats, read_beats
from geo.tracks.clean import Steps
from geo.tracks.read import Tracks, read_tracks
from geo.tracks.rows import Example
from geo.tracks.shifts import plain_week, read_shift
from geo.tracks.stored import beats_of

__all__ = [
    "Beats",
    "Example",
    "Steps",
    "Tracks",
    "beats_of",
    "plain_week",
    "read_beats",
    "read_shift",
    "read_tracks",
]

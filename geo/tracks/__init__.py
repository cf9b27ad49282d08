"""GPS tracks: read from files of workers, cleaned, cut into trips and steps."""

from geo.tracks.clean import Steps
from geo.tracks.read import Tracks, read_tracks
from geo.tracks.rows import Example

__all__ = ["Example", "Steps", "Tracks", "read_tracks"]

"""The gap report: all files of a coverage result, for reading, printing, Excel and QGIS."""

from geo.report.write import write_report

__all__ = ["write_report"]

"""What one file may cost; each limit is named in the sentence that refuses a file."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one reading. `inflate_ratio_max` counts only above `inflate_free_bytes`, so that small files pass."""

    file_bytes_max: int = 64 << 30
    inflated_bytes_max: int = 16 << 30
    workbook_bytes_max: int = 1 << 30
    inflate_ratio_max: int = 200
    inflate_free_bytes: int = 8 * MEBIBYTE
    archive_entries_max: int = 2_000
    sheet_cells_max: int = 40_000_000
    columns_max: int = 4_096
    cell_bytes_max: int = MEBIBYTE
    xml_depth_max: int = 200
    xml_attributes_max: int = 500
    xml_nodes_max: int = 2_000_000
    row_errors_max: int = 100_000
    preview_rows: int = 20
    memory_bytes: int = 1 << 30
    cpu_seconds: int = 600
    wall_seconds: int = 900

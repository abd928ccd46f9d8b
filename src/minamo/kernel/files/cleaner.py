"""The process that opens hostile files: `python -I -m minamo.kernel.files.cleaner TYPE IN OUT`.

It knows neither Django nor the database, works under hard limits on memory, processor time
and file size, and answers with one line of JSON: `{"cleaned": …}` or `{"refused": code}`.
"""

import json
import os
import resource
import sys
import traceback
from pathlib import Path

MEMORY_BYTES = 1_536 * 1024 * 1024
CPU_SECONDS = 12
OUTPUT_BYTES = 64 * 1024 * 1024


def limit_resources() -> None:
    """Take away what a decoder gone wild would use."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(media_type: str, source: str, target: str) -> dict[str, object]:
    """Clean one file and return the answer."""
    from minamo.kernel.files.verdicts import Refused

    kind = "pdf" if media_type == "application/pdf" else "image"
    try:
        if kind == "pdf":
            from minamo.kernel.files.pdf import clean_pdf

            return {"cleaned": clean_pdf(Path(source), Path(target))}
        from minamo.kernel.files.image import clean_image

        return {"cleaned": clean_image(Path(source), Path(target))}
    except Refused as refused:
        return {"refused": refused.code, "values": refused.values}
    except MemoryError:
        return {"refused": f"{kind}_too_heavy", "values": {}}
    except Exception:
        # A decoder found something that nobody thought of; the file is not kept.
        traceback.print_exc()
        return {"refused": f"{kind}_broken", "values": {}}


if __name__ == "__main__":
    # A single worker thread, so that limits count once.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    limit_resources()
    # Written past the buffers of whatever a library may have printed.
    os.write(1, json.dumps(main(*sys.argv[1:4])).encode())
    os._exit(0)

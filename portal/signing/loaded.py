"""What examining a file needs, loaded once in the process from which every examination is forked.

Loading it takes ten times as long as a check. That process reads nothing of any file.
"""

import gc
from importlib import import_module

NEEDED = (
    "PIL.ImageFile",
    "lxml.etree",
    "portal.signing.codes",
    "portal.signing.examining",
    "portal.signing.verification",
    "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.reader",
    "pyhanko.sign.ades.report",
    "pyhanko.sign.diff_analysis",
    "pyhanko.sign.validation.dss",
    "pyhanko.sign.validation.status",
    "pyhanko_certvalidator.registry",
    "pypdfium2",
    "zxingcpp",
)

for name in NEEDED:
    import_module(name)
gc.collect()
gc.freeze()  # what is loaded stays: no child looks through it again

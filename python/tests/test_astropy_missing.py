"""orrery.astropy where astropy is not installed; the rest of the package does without."""

import subprocess
import sys

CODE = """
import sys
sys.modules["astropy"] = None  # as if it were not there
import orrery
try:
    import orrery.astropy
except ImportError as error:
    print(error)
"""


def test_says_what_to_install():
    done = subprocess.run([sys.executable, "-P", "-c", CODE], capture_output=True, text=True, check=True)
    assert "orrery.astropy needs astropy" in done.stdout
    assert "pip install astropy" in done.stdout

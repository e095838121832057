"""Data-science methods of astronomy on a C++ engine."""

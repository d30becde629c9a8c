"""Pages of surveys: for customers, who come by a link (`links`), and for who makes them.

The customers' pages need neither account nor cookie nor script. A look at them counts nothing.
"""

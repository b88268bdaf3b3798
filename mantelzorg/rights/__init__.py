"""Who may do what in the database: grants per table, and row-level security round every caregiver.

Declared here for the whole house, put into force by `manage.py prepare` after every migration, and compared with the
database by a test. A table without a declaration is closed to the application.
"""

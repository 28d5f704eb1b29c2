"""Pictures laid out on a sheet, in pixels. The templates in templates/pictures give the shapes their looks."""

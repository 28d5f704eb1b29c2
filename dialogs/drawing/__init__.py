"""Pictures as shapes on a sheet, in pixels. The templates in templates/pictures style the shapes."""

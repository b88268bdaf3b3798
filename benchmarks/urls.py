from django.urls import include, path

from benchmarks import floor

urlpatterns = [
    path("floor/rows/<uuid:organisation>/", floor.rows, name="floor_rows"),
    path("floor/search/", floor.search, name="floor_search"),
    path("floor/create/<uuid:like>/", floor.create, name="floor_create"),
    path("floor/paper/", floor.paper, name="floor_paper"),
    path("", include("mantelzorg.urls")),
]

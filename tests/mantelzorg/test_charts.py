"""Pictures of numbers: to scale, honest about what may not be shown, and readable without the picture."""

import re

import pytest
from django.template import Context, Template

from mantelzorg.charts import BarChart, LineChart, StackedBarChart, nice_ceiling


def drawn(chart, arguments=""):
    return Template(f"{{% chart chart {arguments} %}}").render(Context({"chart": chart}))


def test_bars_are_to_scale():
    bars = BarChart(title="T", rows=[("a", 10), ("b", 5), ("c", 0)]).drawing()["bars"]
    assert [bar["width"] for bar in bars] == ["84.00%", "42.00%", "0.00%"]


def test_a_small_cell_is_written_and_has_no_length():
    drawing = BarChart(title="T", rows=[("a", 10), ("b", "<5"), ("c", None)]).drawing()
    assert drawing["bars"][1]["hidden"]
    assert drawing["bars"][1]["width"] == "0.00%"
    assert drawing["table"] == [("a", ["10"]), ("b", ["<5"]), ("c", ["–"])]


def test_numbers_are_written_the_dutch_way():
    assert BarChart(title="T", rows=[("a", 1240), ("b", 2.5)]).drawing()["table"] == [("a", ["1.240"]), ("b", ["2,5"])]


def test_measures_keep_their_point_whatever_the_language():
    html = drawn(LineChart(title="T", labels=["jan", "feb", "mrt"], series=[("a", [1, 2, 2.5])]))
    assert not re.search(r'[a-z0-9]="[0-9]+,[0-9]+"', html)


def test_a_picture_has_a_title_a_description_and_the_same_numbers_in_a_table():
    html = drawn(BarChart(title="Open hulpvragen", unit="hulpvragen", rows=[("Zaanstad", 12)]))
    assert 'role="img"' in html
    assert ">Open hulpvragen</title>" in html
    assert "Zaanstad: 12." in html
    assert "<details" in html
    assert '<th scope="row">Zaanstad</th><td class="num">12</td>' in html


def test_two_pictures_on_a_page_do_not_share_an_id():
    chart = StackedBarChart(title="T", series=["x", "y", "z"], rows=[("a", [1, 2, 3])])
    assert chart.drawing()["id"] != chart.drawing()["id"]


def test_stacked_parts_follow_each_other_and_end_at_the_total():
    row = StackedBarChart(title="T", series=["x", "y"], rows=[("a", [3, 1])]).drawing()["rows"][0]
    assert [(part["x"], part["width"]) for part in row["parts"]] == [("0.00%", "63.00%"), ("63.00%", "21.00%")]
    assert row["end"] == "84.00%"
    assert row["total"] == "4"


def test_a_total_is_not_given_where_a_part_is_hidden():
    row = StackedBarChart(title="T", series=["x", "y"], rows=[("a", [30, "<5"])]).drawing()["rows"][0]
    assert row["total"] == ""
    assert row["values"] == ["30", "<5"]


def test_a_missing_month_breaks_the_line():
    line = LineChart(title="T", labels=["a", "b", "c", "d"], series=[("x", [1, None, 3, 4])]).drawing()["lines"][0]
    assert len(line["points"]) == 3
    assert len(line["segments"]) == 1


def test_lines_differ_in_more_than_colour():
    html = drawn(LineChart(title="T", labels=["a", "b"], series=[("x", [1, 2]), ("y", [2, 1])]))
    assert "stroke-dasharray" in html


@pytest.mark.parametrize("rows", [[], [("a", 0)], [("a", None)]])
def test_nothing_to_show_is_no_error(rows):
    assert drawn(BarChart(title="T", rows=rows))
    assert drawn(LineChart(title="T", labels=[row[0] for row in rows], series=[("x", [row[1] for row in rows])]))


def test_more_series_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="four"):
        StackedBarChart(title="T", series=list("abcde"), rows=[])


@pytest.mark.parametrize(("highest", "top"), [(1, 1), (3, 5), (7, 10), (11, 20), (1240, 2000)])
def test_an_axis_ends_at_a_round_number(highest, top):
    assert nice_ceiling(highest) == top


def test_a_pdf_gets_numbers_in_a_fixed_field_and_no_details():
    html = drawn(BarChart(title="T", rows=[("a", 10)]), "pdf=True")
    assert 'viewBox="0 0 640 46"' in html
    assert 'width="537.6"' in html
    assert "<details" not in html
    assert "<table" not in drawn(BarChart(title="T", rows=[("a", 10)]), "pdf=True table=False")


def test_what_is_written_is_text():
    assert "<b>" not in drawn(BarChart(title="<b>", rows=[("<b>", "<b>")]))

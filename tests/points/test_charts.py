"""The bars of a chart stand in proportion to what they tell, inside the drawing, and say it in words."""

from points import charts


def test_the_longest_bar_fills_the_room_and_half_as_much_is_half_as_long():
    chart = charts.lying("units", "采用", ("单位", "采用"), [("青浦局", 8, ""), ("宝山局", 4, ""), ("韵达", 0, "")])

    assert [bar.width for bar in chart.bars] == [224, 112, 0]
    assert all(bar.end + charts.VALUES <= chart.width and bar.y + bar.height < chart.height for bar in chart.bars)
    assert chart.description == "青浦局 8；宝山局 4；韵达 0"


def test_columns_stand_on_one_ground_beside_the_year_before():
    chart = charts.standing("months", "采用", ("月份", "2026年", "2025年"), [("1", 4, 2, "", ""), ("2", 0, 0, "", "")])
    now, then = chart.pairs[0]

    assert (now.height, then.height) == (150, 75)
    assert now.y + now.height == then.y + then.height == chart.ground
    assert then.x + then.width == now.x
    assert chart.description == "1 4（2025年 2）"


def test_twelve_months_stand_beside_one_another_without_touching():
    chart = charts.standing("months", "采用", ("月份", "今", "昔"), [(f"{n}", n, n, "", "") for n in range(1, 13)])
    edges = [edge for now, then in chart.pairs for edge in (then.x, now.end)]

    assert edges == sorted(edges)
    assert edges[0] > 0
    assert edges[-1] < chart.width


def test_nothing_at_all_is_no_division_by_it():
    assert charts.lying("tiers", "采用", ("类别", "采用"), [("市局", 0, "")]).is_empty
    assert charts.lying("tiers", "采用", ("类别", "采用"), []).is_empty
    assert charts.standing("months", "采用", ("月份", "今", "昔"), []).is_empty

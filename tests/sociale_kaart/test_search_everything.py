"""One search over all knowledge and services: what leads to what, in which groups, and at what cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge import models as known
from sociale_kaart import actions, found_list
from sociale_kaart.models import KnowledgeRow
from sociale_kaart.search import everything as search
from sociale_kaart.search import find_everything, knowledge
from sociale_kaart.search.everything import GROUPS, SERVICES
from sociale_kaart.search.named_place import place_in
from sociale_kaart.search.synonyms import Synonyms
from sociale_kaart.search.words import plain
from tests.factories import make_organisation, make_service
from tests.markup import Page

SEARCH = "/zoeken/"
PANEL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "zoekpaneel"}
PIECE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "gevonden"}

# What somebody types, the group that leads, and what is first in it. Several firsts: each may be.
QUESTIONS = [
    ("mantelzorgregisseur", "beroep", "Mantelzorgregisseur"),
    ("mantelzorgconsulent", "beroep", "Mantelzorgconsulent"),
    ("praktijkverpleegkundige", "beroep", "Praktijkondersteuner huisartsen (POH)"),
    ("PVH", "beroep", "Praktijkondersteuner huisartsen (POH)"),
    ("pvk", "beroep", "Praktijkondersteuner huisartsen (POH)"),
    ("praktijkondersteuner", "beroep", "Praktijkondersteuner huisartsen (POH)"),
    ("dementieconsulent", "beroep", "Casemanager dementie"),
    ("trajectbegeleider", "beroep", "Casemanager dementie"),
    ("casemanager", "beroep", "Casemanager dementie"),
    ("ouderenadviseur", "beroep", "Sociaal werker"),
    ("maatschappelijk werk", "beroep", ("Sociaal werker", "Welzijnsconsulent")),
    ("klantmanager Wmo", "beroep", "Wmo-consulent"),
    ("wmo", "beroep", "Wmo-consulent"),
    ("wmo loket", "steun", "Wmo-voorzieningen"),
    ("huisarts", "beroep", "Huisarts"),
    ("dokter", "beroep", "Huisarts"),
    ("fysio", "beroep", "Fysiotherapeut"),
    ("wijkzuster", "beroep", "Wijkverpleegkundige"),
    ("OCO", "beroep", "Cliëntondersteuner"),
    ("clientondersteuner", "beroep", "Cliëntondersteuner"),
    ("formulieren", "beroep", ("Mantelzorgmakelaar", "Cliëntondersteuner")),
    ("makelaar", "beroep", "Mantelzorgmakelaar"),
    ("crisismaatregel", "beroep", "Familievertrouwenspersoon (LSFVP)"),
    ("traplift", "beroep", ("Ergotherapeut", "Wmo-consulent")),
    ("oppas", "steun", ("Vrijwilliger of maatje aan huis", "Respijt aan huis")),
    ("respijt", "steun", "Respijt aan huis"),
    ("logeren", "steun", "Logeerzorg"),
    ("lotgenoten", "steun", "Lotgenotencontact"),
    ("levensboek", "steun", "Verhalen en levensboek/levensverhaal"),
    ("bordje vol", "steun", "Bordje-Vol-spel"),
    ("warme overdracht", "steun", "Warme overdracht"),
    ("MDO", "steun", "Mini-MDO"),
    ("levende rouw", "fase", "Accepteren & levende rouw"),
    ("niet pluis", "fase", "Niet-pluis"),
    ("diagnose", "fase", "Diagnose"),
    ("fase 2", "fase", "Diagnose"),
    ("rouw", "thema", "Rouw en verlies"),
    ("regeldruk", "thema", "Regeldruk en versnippering"),
    ("overbelasting", "thema", "Overbelasting van mantelzorgers"),
    ("POM", "gesprek", "POM-gesprek"),
    ("CSI", "instrument", "Caregiver Strain Index (CSI)"),
    ("EDIZ", "instrument", "EDIZ"),
    ("carerqol", "instrument", "CarerQol-7D"),
    ("stap 3", "werkkaart", "Erkennen en herkennen"),
    ("tennisrackets", "verhaal", "De tennisrackets in de hoek"),
    ("V&VN", "landelijk", "Verpleegkundigen & Verzorgenden Nederland"),
    ("VNG", "landelijk", "Vereniging van Nederlandse Gemeenten"),
    ("KNGF", "landelijk", "Koninklijk Nederlands Genootschap voor Fysiotherapie"),
    ("Wlz", "financiering", "Wet langdurige zorg (Wlz)"),
    ("pgb", "financiering", "Zelf betalen / pgb"),
    ("wie is wie", "pagina", "Wie is wie"),
    # typed wrong, or not finished
    ("levende rauw", "fase", "Accepteren & levende rouw"),
    ("ergoterapeut", "beroep", "Ergotherapeut"),
    ("mantelzorgregiseur", "beroep", "Mantelzorgregisseur"),
    ("casemanger", "beroep", "Casemanager dementie"),
    ("doktor", "beroep", "Huisarts"),
    ("huisart", "beroep", "Huisarts"),
    ("wijkverpleegkundge", "beroep", "Wijkverpleegkundige"),
    ("overbelast", "thema", "Overbelasting van mantelzorgers"),
    ("logeerzog", "steun", "Logeerzorg"),
    ("transfer", "beroep", "Transferverpleegkundige"),
]


@pytest.fixture
def everything(db):
    steunpunt = make_organisation("Steunpunt Zaanstreek")
    make_service(steunpunt, "Papierspreekuur", summary="Samen formulieren invullen.", kinds=["mantelzorgmakelaar"])
    make_service(steunpunt, "Steungezin", summary="Oppas en respijt.", kinds=["respijt-aan-huis"])
    elsewhere = make_organisation("Thuis in Purmerend", municipalities=["GM0439"])
    make_service(elsewhere, "Purmerendse oppas", kinds=["respijt-aan-huis"], municipalities=["GM0439"])
    actions.refresh_search()


def titles(text: str, group: str, **options) -> list[str]:
    found = find_everything(text, **options)
    return [hit.title for each in found.groups if each.slug == group for hit in each.hits]


def test_what_somebody_types_leads_to_the_right_thing_first(everything):
    wrong = []
    for text, group, first in QUESTIONS:
        found = find_everything(text, ("GM0479",))
        leads = found.groups[0] if found.groups else None
        firsts = (first,) if isinstance(first, str) else first
        if leads is None or leads.slug != group or leads.hits[0].title not in firsts:
            wrong.append((text, leads and (leads.slug, leads.hits[0].title)))
    right = len(QUESTIONS) - len(wrong)
    assert not wrong, f"{right} of {len(QUESTIONS)} questions lead to the right thing first, these do not: {wrong}"


def test_the_same_work_under_another_name_is_found_with_it(everything):
    assert titles("mantelzorgregisseur", "beroep")[:2] == ["Mantelzorgregisseur", "Mantelzorgconsulent"]
    assert set(titles("formulieren", "beroep")) >= {"Mantelzorgmakelaar", "Cliëntondersteuner"}


def test_the_group_with_the_best_hit_leads_and_the_others_stand_in_their_order(everything):
    for text, _, _ in QUESTIONS:
        slugs = [group.slug for group in find_everything(text).groups]
        assert slugs[1:] == [slug for slug in GROUPS if slug in slugs[1:]], text
    assert [group.slug for group in find_everything("papierspreekuur").groups] == [SERVICES]
    assert find_everything("steungezin").groups[0].slug == SERVICES


def test_services_are_those_of_the_area(everything):
    assert titles("oppas", SERVICES, municipalities=("GM0439",)) == ["Purmerendse oppas"]
    assert set(titles("oppas", SERVICES)) == {"Purmerendse oppas", "Steungezin"}


def test_a_group_shows_the_first_few_and_counts_all_of_them(everything):
    groups = {group.slug: group for group in find_everything("mantelzorg").groups}
    assert len(groups["beroep"].hits) == 5
    assert groups["beroep"].total > 10
    whole = find_everything("mantelzorg", group="beroep").groups
    assert [(group.slug, len(group.hits)) for group in whole] == [("beroep", groups["beroep"].total)]


def test_a_typing_error_says_what_it_also_searched_for(everything):
    found = find_everything("levende rauw")
    assert found.is_loose
    assert found.also == ["rouw"]
    assert not find_everything("levende rouw").is_loose


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "de het een",
        "'\"&|!:*()<->",
        "%s %(words)s {only} %",
        "\\",
        "x\0y",
        "🎉",
        "\u202e",
        "a" * 5000,
        "ﬁ ½",
    ],
)
@pytest.mark.parametrize("group", ["", "beroep", "bestaat-niet", "%s", "\0"])
def test_nothing_that_is_typed_is_an_error(everything, text, group):
    find_everything(text, ("'--", "\\"), group)


# What it costs ------------------------------------------------------------------------------------------------------


def test_a_search_is_two_queries_and_a_typing_error_five(everything):
    with CaptureQueriesContext(connection) as queries:
        find_everything("oppas", ("GM0479",))
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        find_everything("opppas", ("GM0479",))
    assert len(queries) == 5
    assert sum("knowledgerow" in query["sql"] for query in queries) == 2


@pytest.mark.parametrize("text", ["oppas", "levende rauw"])
def test_the_words_are_looked_up_in_the_index(everything, text):
    """A few hundred rows are as fast without: what counts is that an index can be used when there are more."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        find_everything(text)
    for sql in [query["sql"] for query in queries if "knowledgerow" in query["sql"]]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "knowledge_row_by_words" in plan
        assert "Seq Scan" not in plan


# What it knows ------------------------------------------------------------------------------------------------------


def test_everything_that_has_a_place_can_be_found(everything):
    expected = {
        "beroep": known.Profession,
        "fase": known.Phase,
        "thema": known.Theme,
        "steun": known.SupportKind,
        "gesprek": known.ConversationGuide,
        "instrument": known.Instrument,
        "verhaal": known.Story,
        "hulpmiddel": known.Resource,
        "landelijk": known.NationalOrganisation,
        "financiering": known.FinancingKind,
        "tip": known.Tip,
    }
    keys = set(KnowledgeRow.objects.values_list("key", flat=True))
    for group, model in expected.items():
        missing = [
            slug for slug in model.objects.current().values_list("slug", flat=True) if f"{group}:{slug}" not in keys
        ]
        assert missing == [], group
    steps = known.WorkCardStep.objects.current().values_list("slug", flat=True)
    assert {f"werkkaart:{slug}" for slug in steps} < keys
    assert {thing.slug for thing in knowledge.things() if not thing.address} == set()
    assert set(KnowledgeRow.objects.values_list("group", flat=True)) <= set(found_list.LABELS)
    assert set(GROUPS) == set(found_list.LABELS)


def test_every_row_leads_to_a_place_that_is_there(everything, client_of, sender):
    browser, pages, lost = client_of(sender), {}, []
    for address in KnowledgeRow.objects.values_list("address", flat=True):
        path, _, anchor = address.partition("#")
        if path not in pages:
            answer = browser.get(path)
            pages[path] = Page(answer.content.decode()) if answer.status_code == 200 else None
        if pages[path] is None or (anchor and anchor not in pages[path].anchors):
            lost.append(address)
    assert lost == []


@pytest.mark.parametrize(
    ("question", "name", "code", "rest"),
    [
        ("wmo purmerend", "Purmerend", "GM0439", "wmo"),
        ("oppas in Oost-Knollendam", "Oostknollendam", "GM0880", "oppas"),
        ("Den Haag respijt", "'s-Gravenhage", "GM0518", "respijt"),
        ("zaandam", "Zaandam", "GM0479", ""),
        ("hulp in huizen", "Huizen", "GM0406", "hulp"),
        ("best", "Best", "GM0753", ""),
    ],
)
def test_a_place_in_a_question_is_where_one_looks(everything, question, name, code, rest):
    if "Knollendam" in question:
        question = question.replace("Oost-Knollendam", name)
    place = place_in(question)
    assert (place.name, place.rest) == (name, rest)
    assert code in place.codes


@pytest.mark.parametrize(
    "question", ["wat past het best", "het echt niet meer weten", "een maatje", "respijt", "", "%"]
)
def test_an_ordinary_word_is_no_place(everything, question):
    assert place_in(question) is None


def test_a_question_that_names_a_place_is_answered_there(everything, client_of, sender):
    browser = client_of(sender)
    html = browser.get(SEARCH, {"q": "oppas purmerend"}).content.decode()
    assert "Aanbod in Purmerend" in html
    assert "Purmerendse oppas" in html
    assert 'href="/wie-is-wie/?waar=Purmerend"' in html
    assert titles("oppas purmerend", "steun") == titles("oppas", "steun")
    assert 'href="/sociale-kaart/?q=oppas&amp;postcode=Purmerend"' in html
    alone = browser.get(SEARCH, {"q": "Purmerend"}).content.decode()
    assert "Purmerendse oppas" in alone
    assert "Aanbod in Zaanstad" not in alone


def test_where_nothing_is_found_of_it_all_of_the_place_is_shown(everything, client_of, sender):
    html = client_of(sender).get(SEARCH, {"q": "qqqqxx purmerend"}).content.decode()
    assert "Purmerendse oppas" in html


def test_a_title_with_a_hyphen_begins_as_it_is_typed(everything):
    KnowledgeRow.objects.filter(key="tip:eerst-luisteren").update(title="«E-mail» naar de wijk")
    for typed in ("e-mail", "e mail", "E-mail naar"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT key FROM sociale_kaart_knowledgerow WHERE {search._BEGINS}", {"text": plain(typed)})
            assert cursor.fetchall() == [("tip:eerst-luisteren",)], typed


def test_a_question_longer_than_is_read_is_no_burden(everything, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert find_everything("respijt " * 5000).groups


def test_a_large_group_goes_on_upon_a_next_page(everything, sender, client_of, monkeypatch):
    monkeypatch.setattr(search, "WHOLE_GROUP", 3)
    monkeypatch.setattr(found_list, "WHOLE_GROUP", 3)
    browser, address, seen = client_of(sender), f"{SEARCH}?q=mantelzorg&groep=beroep", []
    while address:
        said = browser.get(address).text
        seen.append(re.findall(r'<h3><a href="/beroepen/[^"]+">([^<]+)</a></h3>', said))
        onward = re.search(r'rel="next" href="([^"]+)"', said)
        address = onward[1].replace("&amp;", "&") if onward else ""
    flat = [title for titles in seen for title in titles]
    assert len(seen) > 2
    assert all(len(titles) == 3 for titles in seen[:-1])
    assert len(set(flat)) == len(flat) == find_everything("mantelzorg", group="beroep").groups[0].total


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999", "²", "999"])
def test_a_page_that_is_not_there_is_no_error(everything, sender, client_of, page):
    response = client_of(sender).get(SEARCH, {"q": "mantelzorg", "groep": "beroep", "blad": page})
    assert response.status_code == 200


def test_what_is_retired_is_no_longer_found(everything):
    assert titles("huisarts", "beroep")[0] == "Huisarts"
    known.Profession.objects.filter(slug="huisarts").update(retired=True)
    actions.refresh_search()
    assert "Huisarts" not in titles("huisarts", "beroep")


def test_what_changed_is_written_and_the_rest_is_left_alone(everything):
    def versions() -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, ctid::text FROM sociale_kaart_knowledgerow")
            return dict(cursor.fetchall())

    before = versions()
    knowledge.refresh(Synonyms())
    assert versions() == before
    known.Profession.objects.filter(slug="huisarts").update(also_called=["huisdoktersbaas"])
    knowledge.refresh(Synonyms())
    assert {key for key, version in versions().items() if before[key] != version} == {"beroep:huisarts"}
    assert titles("huisdoktersbaas", "beroep") == ["Huisarts"]


# The page -----------------------------------------------------------------------------------------------------------


def test_the_page_shows_groups_with_counts_and_where_there_is_more(everything, client_of, sender):
    html = client_of(sender).get(SEARCH, {"q": "oppas"}).content.decode()
    page = Page(html)
    assert page.problems == []
    assert page.title.startswith("oppas: zoeken")
    assert 'id="steun"' in html
    assert "Aanbod in Zaanstad" in html
    assert "Purmerendse oppas" not in html
    assert "/sociale-kaart/?q=oppas&amp;gemeente=GM0479" in html
    tools = client_of(sender).get(SEARCH, {"q": "mantelzorg"}).content.decode()
    assert f"{SEARCH}?q=mantelzorg&amp;groep=hulpmiddel" in tools
    whole = client_of(sender).get(SEARCH, {"q": "mantelzorg", "groep": "hulpmiddel"}).content.decode()
    assert whole.count("<li><h3>") > 20
    assert "Alle " not in whole
    total = find_everything("mantelzorg", group="hulpmiddel").groups[0].total
    assert ("blad=2" in whole) == (total > found_list.WHOLE_GROUP)


def test_the_page_without_a_question_and_without_an_answer_says_what_to_do(everything, client_of, sender):
    empty = client_of(sender).get(SEARCH).content.decode()
    assert 'href="/kennis/"' in empty
    assert "data-announce" not in empty
    nothing = client_of(sender).get(SEARCH, {"q": "qqqqxx"}).content.decode()
    assert "Niets gevonden" in nothing
    assert "q=respijt" in nothing


def test_what_was_put_right_is_said(everything, client_of, sender):
    html = client_of(sender).get(SEARCH, {"q": "levende rauw"}).content.decode()
    assert "Ook gezocht op: rouw." in html


def test_for_whom_somebody_is_looking_goes_along(everything, client_of, sender):
    carried = {"voor": "01900000-0000-7000-8000-000000000001", "gemeente": "GM0439"}
    for headers in ({}, PIECE, PANEL):
        html = client_of(sender).get(SEARCH, {"q": "oppas"} | carried, **headers).content.decode()
        assert "Purmerendse oppas" in html
        main = html[html.index("<main") : html.index("</main>")] if "<main" in html else html
        found = re.findall(r'<(?:h3|li)><a href="(/[^"]+)"', main)
        assert found
        assert [link for link in found if carried["voor"] not in link] == []
    tips = client_of(sender).get(SEARCH, {"q": "teken samen het hele netwerk uit"} | carried).content.decode()
    assert re.search(r'href="/tips/\?voor=[^"#]+gemeente=GM0439#netwerk-in-beeld"', tips)


def test_while_one_types_only_the_results_come_and_the_address_follows(everything, client_of, sender):
    answer = client_of(sender).get(SEARCH, {"q": "oppas"}, **PIECE)
    html = answer.content.decode()
    assert "<html" not in html
    assert html.lstrip().startswith('<div id="gevonden"')
    assert "data-announce" in html
    assert answer["HX-Replace-Url"] == f"{SEARCH}?q=oppas"


def test_the_panel_is_small_and_leads_on(everything, client_of, sender):
    answer = client_of(sender).get(SEARCH, {"q": "mantelzorg"}, **PANEL)
    html = answer.content.decode()
    assert html.count("<li>") == found_list.IN_PANEL
    assert f'href="{SEARCH}?q=mantelzorg"' in html
    assert "HX-Replace-Url" not in answer
    assert len(answer.content) < 2500
    assert client_of(sender).get(SEARCH, {"q": "m"}, **PANEL).content == b""


def test_the_box_is_above_every_page_of_somebody_who_is_logged_in_and_asks_nothing(
    everything, client, client_of, sender
):
    browser = client_of(sender)
    browser.get("/beroepen/")
    with CaptureQueriesContext(connection) as queries:
        html = browser.get("/beroepen/").content.decode()
    assert html.count('id="zoekbalk"') == 1
    assert not any("knowledgerow" in query["sql"] for query in queries)
    assert browser.get(SEARCH).content.decode().count('id="zoekbalk"') == 1
    assert browser.get("/kennis/").content.decode().count('type="search"') == 1
    assert "zoekbalk" not in client.get("/privacy/").content.decode()


def test_the_box_and_what_it_brings_cost_every_page_less_than_700_bytes(everything, client_of, sender):
    html = client_of(sender).get("/beroepen/").content.decode()
    form = html[html.index('<form class="site-search"') : html.index("</form>", html.index('class="site-search"')) + 7]
    line = re.search(r"<li><a href=\"/zoeken/\">.*?</li>", html)[0]
    script = re.search(r"<script src=\"[^\"]*search[^\"]*\" defer></script>", html)[0]
    assert len(form) + len(line) + len(script) < 700

"""Links on an editor's pages of a guest's post lead to pages that editors may read."""

from tests.cast import SignedIn
from tests.drafts.desk import begin, hand_in, save


def test_links_on_pages_of_a_guest_s_post_lead_editors_somewhere(gabi: SignedIn, eda: SignedIn) -> None:
    path = begin(gabi, "Zur Lage")
    save(gabi, path, body="Ein Text.", authors="Gabi")
    assert hand_in(gabi, path).status_code == 303
    for page in (f"{path.replace('/drafts/', '/handed-in/')}/page", f"{path}/signing"):
        links = [one for one in eda.page(page).links.values() if one.startswith(("/desk/drafts/", "/desk/handed-in/"))]
        assert links, page
        assert [(one, eda.get(one).status_code) for one in links] == [(one, 200) for one in links]

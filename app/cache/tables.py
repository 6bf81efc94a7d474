"""What there is to say of single tables; of every other one the rule holds.

The rule: whoever writes to a table changes its version, and every page that has read the table is made anew. After an
UPDATE or a DELETE nothing older is shown; after an INSERT an older copy may be served while the new one is made.
"""

UNSEEN = {
    "letter": "mail to single people",
    "sign_in": "who is signed in",
    "code": "codes by mail",
    "passkey": "keys of members",
    "passkey_challenge": "which questions to keys were answered",
    "recovery_code": "the way in without a key",
    "invitation": "doors for single addresses",
    "comment_contact": "addresses that writers left",
    "comment_snapshot": "what Akismet is told",
    "comment_subscription": "who is told of answers",
    "comment_own_link": "links by mail to one's own comments",
    "comment_revision": "words that readers do not see",
    "comment_assignment": "with which of a company's people a question lies",
    "comment_appeal": "what writers say against decisions",
    "comment_refusal": "who does not want letters",
    "comment_imported": "which comments were brought in from elsewhere",
    "comment_gone": "the hourly count of everything counts it",
    "comment_bulk": "decisions on many comments at once",
    "comment_bulk_item": "what they were before",
    "spam_sample": "spam that a person looks at",
    "spam_sample_day": "how much spam that was drawn from",
    "notice": "what somebody objects to",
    "draft": "posts on their way; readers see the file that is released",
    "draft_revision": "what they said",
    "draft_message": "what both sides say about them",
    "draft_preview": "who may read them",
    "draft_rule": "how many sign them off",
    "draft_signoff": "who has; readers see post_release",
    "comment_hand": "devices that are known again",
    "comment_by_hand": "which comments they wrote",
    "comment_hand_forgotten": "comments of devices that are forgotten",
    "comment_withdrawal": "where a comment was before it was taken back",
    "follow_up_contact": "addresses that reporters left",
    "follow_up_question": "questions by mail",
    "fingerprint": "what judges remember of texts",
    "text_cluster": "what judges remember of texts",
    "comment_cluster": "what judges remember of texts",
    "bayes_word": "what judges remember of words",
    "bayes_total": "how much they were taught",
    "recent_tally": "what judges remember of the last hour",
    "promise_answer": "single answers; pages read the night's tally of them",
    "helpful_mark": "single marks; the list reads how many there are",
    "erasure": "hashes of receipts that are gone",
    "surge": "how the site defends itself",
}
"""Tables that no public page may read, so that writing to them changes none. A page that does read one is refused."""

UNSEEN_INSERTS = {
    "report": "its words wait for a person, and that it counts stands in ledger_head",
    "follow_up": "it is told on the receipt; the night's batch counts it",
    "me_too": "the night's batch counts it",
}
"""Tables whose new rows no page shows before something else is written, too."""

SOFT = {
    "ledger_head": "the counter and the tree grow; an older number says its own time",
    "ledger_entry": "append-only",
    "ledger_tile": "append-only",
    "ledger_checkpoint": "append-only",
    "figure_batch": "the numbers of yesterday are still the numbers of yesterday",
    "figure": "a number that ends at a newer batch is still true of the older one",
    "figure_day": "the same",
    "promise_tally": "the same",
    "transparency": "the count of an hour ago was true then",
    "comment_helpful": "a list that was sorted a moment ago",
}
"""Tables of which an older copy is never wrong, only older, whatever is written to them."""

FINE = {"comment": "thread", "comment_enquiry": "thread", "thread_size": "thread"}
"""Tables that are read and written by parts of a kind, each with a name of its own: `thread:<slug>`."""

DERIVED = {"comment_fragment": "comment"}
"""Tables whose rows follow from those of another: who reads one has read that one, who writes it changes no page."""

"""The nouns of the room."""

from app.comments.models.appeal import Appeal
from app.comments.models.assignment import Assignment
from app.comments.models.bulk import Bulk, Stage
from app.comments.models.comment import Comment, MovedMeanwhile
from app.comments.models.contact import CommentContact
from app.comments.models.enquiry import Enquiry, NotNow, NotYours, Standing
from app.comments.models.found import PER_PAGE
from app.comments.models.fragment import Fragment
from app.comments.models.gone import Gone
from app.comments.models.hand import Hand, OtherHand
from app.comments.models.helpful import Helpful, Mark
from app.comments.models.listing import Filter, Item, Listing
from app.comments.models.own_link import OwnLink
from app.comments.models.revision import Revision
from app.comments.models.sample import Sample, SampleDay
from app.comments.models.size import Measure, ThreadSize
from app.comments.models.snapshot import Feedback, Snapshot
from app.comments.models.state import State
from app.comments.models.subscription import Subscription
from app.comments.models.thread import Shown, Thread
from app.comments.models.withdrawal import Withdrawal

__all__ = [
    "PER_PAGE",
    "Appeal",
    "Assignment",
    "Bulk",
    "Comment",
    "CommentContact",
    "Enquiry",
    "Feedback",
    "Filter",
    "Fragment",
    "Gone",
    "Hand",
    "Helpful",
    "Item",
    "Listing",
    "Mark",
    "Measure",
    "MovedMeanwhile",
    "NotNow",
    "NotYours",
    "OtherHand",
    "OwnLink",
    "Revision",
    "Sample",
    "SampleDay",
    "Shown",
    "Snapshot",
    "Stage",
    "Standing",
    "State",
    "Subscription",
    "Thread",
    "ThreadSize",
    "Withdrawal",
]

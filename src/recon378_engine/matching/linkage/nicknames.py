"""Given names that stand for each other. A comparison form only: `bob` and `robert` agree, and the reviewer still sees both."""

import polars as pl

_FAMILIES = (
    "robert bob bobby rob robbie bert", "william bill billy will willie liam", "richard rick dick rich ricky",
    "james jim jimmy jamie", "john jack johnny jon", "michael mike mick mickey", "elizabeth liz beth betty lizzie eliza lisa",
    "margaret peggy maggie meg marge", "patricia pat patty trish", "jennifer jen jenny", "thomas tom tommy",
    "charles charlie chuck", "christopher chris", "joseph joe joey", "daniel dan danny", "matthew matt", "anthony tony",
    "steven steve stephen", "andrew andy drew", "joshua josh", "kenneth ken kenny", "edward ed ted eddie teddy ned",
    "ronald ron ronnie", "timothy tim", "jeffrey jeff", "nicholas nick", "jonathan jonny", "benjamin ben", "samuel sam sammy",
    "alexander alex sasha", "katherine kate kathy katie cathy catherine kathryn", "rebecca becky", "susan sue susie",
    "deborah debbie deb", "kimberly kim", "jessica jess", "barbara barb", "zachary zach", "gregory greg", "victoria vicky",
    "jacqueline jackie", "lawrence larry", "gabriel gabe", "theresa terry teresa", "philip phil phillip", "david dave",
    "pamela pam", "cynthia cindy", "amanda mandy", "henry harry hank", "frederick fred freddie", "peter pete", "donald don",
    "raymond ray", "gerald gerry jerry", "walter walt", "francis frank", "dorothy dot dottie", "virginia ginny", "judith judy",
    "sandra sandy", "martha marty", "arthur art", "albert al", "douglas doug", "leonard len", "abigail abby", "madison maddie",
    "nathan nate", "johann hans", "josef sepp", "heinrich heinz", "friedrich fritz", "wilhelm willi", "francisco paco",
    "jose pepe", "giuseppe beppe", "alessandro sandro", "giovanni gianni", "mikhail misha", "dmitri dima", "aleksandr aleks",
)  # fmt: skip
CANONICAL = {name: family.split()[0] for family in _FAMILIES for name in family.split()}


def canonical_given_names(values: pl.Series) -> pl.Series:
    """Each name, or the head of its family, String, of the same height."""
    return values.replace(CANONICAL)

"""Who calls, and what there is: the people of a `dev` server, their tokens, and what is laid out before a run."""

import itertools
import os
import time
import uuid
import zlib
from urllib.parse import unquote

import requests

DEMO_TENANT = "3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
SECURITY_READER = "5d6b6bb7-de71-4623-b4af-96380a352509"

# Administrators have their roles by the token, so whatever a run does to the assignments, none of them loses them.
ADMINISTRATORS = ["ada", "ben", "cleo", "dana"]
NOBODIES = ["ben", "eve"]
# Set-up happens once in each tenant, so there are some that are not set up yet.
TENANTS = [str(uuid.UUID(int=0x5C0000000000400080000000000000 + n)) for n in range(12)]
OF_A_TENANT = {"sign_up", "complete_setup"}

# What the demo tenant has without us.
FROM_THE_START = {("ben", USER_ADMINISTRATOR), ("cleo", SECURITY_READER)}
LATER = {"startDateTime": "2040-01-01T00:00:00Z", "endDateTime": "2040-02-01T00:00:00Z"}
EVERYBODY = sorted({*ADMINISTRATORS, *NOBODIES})


class World:
    """A server, and the ids that it has."""

    def __init__(self):
        self.server = os.environ["PIMENTO_URL"]
        self.roles = [USER_ADMINISTRATOR, SECURITY_READER, PRIVILEGED_ROLE_ADMINISTRATOR]
        self.requests = []
        self.events = []
        self.positions = {}
        self.is_administered = os.environ.get("PIMENTO_CALLER", "Administrator") == "Administrator"
        self._tokens = {}
        self._numbers = itertools.count()

    def token(self, person, tenant=DEMO_TENANT, is_administrator=True):
        """A token of the server's own issuer, with a second factor."""
        key = (person, tenant, is_administrator)
        if key not in self._tokens:
            tomorrow = int(time.time()) + 24 * 60 * 60
            claims = {"oid": person, "tid": tenant, "amr": ["pwd", "mfa"], "exp": tomorrow}
            if is_administrator:
                claims["wids"] = [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR]
            answer = requests.post(f"{self.server}/dev/token", json=claims, timeout=30)
            self._tokens[key] = answer.json()["access_token"]
        return self._tokens[key]

    def token_for(self, case):
        """The same caller for the same request, so that a case that is sent again is answered as before."""
        draw = zlib.crc32(repr((case.method, case.formatted_path, case.query, case.body)).encode("utf-8", "replace"))
        if not self.is_administered:
            return self.token(NOBODIES[draw % len(NOBODIES)], is_administrator=False)
        if case.operation.definition.raw.get("operationId") in OF_A_TENANT:
            return self.token("fay", TENANTS[draw % len(TENANTS)])
        return self.token(ADMINISTRATORS[draw % len(ADMINISTRATORS)])

    def newcomer_with(self, role, state):
        """Somebody who has nothing but this role in this state, and their token."""
        person = f"caller-{next(self._numbers)}"
        held = {"userId": person, "roleId": role, **state}
        # What became of the role meanwhile may forbid it, which the answer to the newcomer then shows.
        self._call("POST", "privilegedRoleAssignments", held, may_fail=True)
        return person, self.token(person, is_administrator=self.is_administered)

    def new_role(self):
        """A role that nobody has."""
        return self._call("POST", "privilegedRoles", {"name": f"Spare {next(self._numbers)}"})["id"]

    def new_request(self):
        """A request that waits for an approval, and the token of who made it."""
        role = self.new_role()
        self._demand_approval(role)
        person, token = self.newcomer_with(role, {"isElevated": False})
        self._ask(person, {"roleId": role, "type": "UserAdd", "assignmentState": "Active"})
        return self.requests.pop(), token

    def sign_up(self, person, tenant):
        """Registers a tenant."""
        self._call("POST", "privilegedSignupStatus/signUp", person=person, tenant=tenant)

    def lay_out(self):
        """Gives the people something to have, to ask for and to decide."""
        for tenant in TENANTS:
            self.sign_up("fay", tenant)
        for n in range(8):
            self.roles.append(self._call("POST", "privilegedRoles", {"name": f"Watch {n}"})["id"])
        waiting, free = self.roles[3:5], self.roles[5:]
        for role in waiting:
            self._demand_approval(role)
        for person in EVERYBODY:
            for role in [*self.roles[:2], *waiting, *free]:
                eligible = {"userId": person, "roleId": role, "isElevated": False}
                if (person, role) not in FROM_THE_START:
                    self._call("POST", "privilegedRoleAssignments", eligible)
            for role in waiting:
                self._ask(person, {"roleId": role, "type": "UserAdd", "assignmentState": "Active"})
            later = {"userId": f"later-{person}", "roleId": USER_ADMINISTRATOR, "schedule": LATER}
            self._ask(person, {**later, "type": "AdminAdd", "assignmentState": "Active"})
        self.events = [event["id"] for event in self._call("GET", "privilegedOperationEvents")["value"]]

    def position(self, path):
        """A `$skiptoken` of the list at this path, where it has more than one page."""
        if path not in self.positions:
            link = "" if "{" in path else self._call("GET", f"{path[1:]}?$top=1").get("@odata.nextLink", "")
            self.positions[path] = unquote(link.partition("$skiptoken=")[2]) or None
        return self.positions[path]

    def _demand_approval(self, role):
        settings = {"approvalOnElevation": True, "approverIds": EVERYBODY}
        self._call("PATCH", f"privilegedRoles/{role}/settings", settings)

    def _ask(self, person, request):
        body = {**request, "reason": "To have something that waits"}
        self.requests.append(self._call("POST", "privilegedRoleAssignmentRequests", body, person)["id"])

    def _call(self, method, path, body=None, person="ada", tenant=DEMO_TENANT, may_fail=False):
        headers = {"Authorization": f"Bearer {self.token(person, tenant)}"}
        url = f"{self.server}/beta/{path}"
        answer = requests.request(method, url, json=body, headers=headers, timeout=30)
        if not may_fail:
            answer.raise_for_status()
        return answer.json() if answer.content else None


WORLD = World()

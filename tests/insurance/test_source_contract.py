"""The contract of an insurer's adapter, kept by the portal's client (before the emulated portal) and by no portal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from insurance_helpers import AN
from source_contract import SourceContract

from kiosk.domain.eligibility import OutcomeClass
from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.port import InsuranceSource, NoPortal
from kiosk.insurance.portal import PortalClient


class TestThePortal(SourceContract):
    @pytest.fixture
    def source(self, client: PortalClient) -> InsuranceSource:
        return client

    def test_it_finds_who_is_insured(self, source: InsuranceSource) -> None:
        answer = source.look_up(AN, 5)
        assert answer.fields is not None
        assert (answer.fields.name, answer.code) == (AN.name, "000")


class TestAPortalThatIsDown(SourceContract):
    @pytest.fixture
    def source(self, portal: PortalEmulator, client_of: Callable[..., PortalClient]) -> InsuranceSource:
        portal.faults.reset = True
        return client_of()


class TestWrongSettings(SourceContract):
    @pytest.fixture
    def source(self, client_of: Callable[..., PortalClient]) -> InsuranceSource:
        return client_of(username="001090123456")

    def test_asking_again_is_no_use(self, source: InsuranceSource) -> None:
        assert source.look_up(AN, 5).lasting


class TestNoPortal(SourceContract):
    @pytest.fixture
    def source(self) -> InsuranceSource:
        return NoPortal()

    def test_it_says_that_nothing_is_set_up_and_asking_again_is_no_use(self, source: InsuranceSource) -> None:
        answer = source.look_up(AN, 5)
        assert (answer.failure, answer.detail, answer.lasting) == (OutcomeClass.CONFIG, "portal.not_configured", True)

"""EF.CardSecurity as other readers look at it, taken apart by asn1crypto alone."""

from dataclasses import replace

import pytest
from asn1crypto import cms, core
from support.chip_readings import CITIZEN, issuer_of

from devices.emulators.chip.algorithms import Mapping, PaceKind
from devices.emulators.chip.personalisation import draft_card
from devices.emulators.chip.variants import PROFILES

STANDARDIZED_PARAMETERS, ECDH_KEY = "0.4.0.127.0.7.1.2", "0.4.0.127.0.7.2.2.1.2"


def security_infos(file):
    signed = cms.ContentInfo.load(file)["content"]
    content = signed["encap_content_info"]["content"].parsed
    return [
        list(core.SequenceOf.load(info.dump(), spec=core.Any))
        for info in core.SetOf.load(content.dump(), spec=core.Any)
    ]


@pytest.mark.parametrize("parameter_id", [12, 13, 16])
def test_the_mapping_key_is_found_by_the_number_of_its_domain_parameters(parameter_id):
    plain = PaceKind(parameter_id=13)
    mapped = PaceKind(mapping=Mapping.CHIP_AUTHENTICATION, parameter_id=parameter_id)
    profile = replace(PROFILES["pace-cam"], pace=(plain, mapped))
    draft = draft_card(CITIZEN, profile, issuer_of(profile.signing))
    (key,) = [info for info in security_infos(draft.card_security) if info[0].native == ECDH_KEY]
    algorithm = core.SequenceOf.load(core.SequenceOf.load(key[1].dump(), spec=core.Any)[0].dump(), spec=core.Any)
    assert [part.native for part in algorithm] == [STANDARDIZED_PARAMETERS, parameter_id]
    assert key[2].native == parameter_id

#!/usr/bin/env python3
"""Bytes that change on their way: what was answered well is not done for that reason."""
# SPDX-License-Identifier: GPL-3.0-or-later
from chaos import Box, CAPTIONS, Place, Wire, main, test


def rehearsed(place, endpoint):
    """A deployment that has been rehearsed as far as it goes; its file"""
    file = place.data / "one.erosdeploy"
    result = place.run("rehearse", "--file", file, "--endpoint", endpoint)
    assert file.exists(), result
    return file


@test("/chaos/wire/a-pause-that-the-service-has-not-made-is-not-recorded")
def pause_mangled():
    def mangle(data):
        # The service answers 200, and has changed something else.
        return data.replace(b"updateMask=disabled", b"updateMask=schedule")

    with Place() as place, Box(place, f"--sample=eros:{CAPTIONS}") as box:
        file = rehearsed(place, box.endpoint)
        with Wire(box.endpoint, mangle) as wire:
            result = place.run("rollback", file, "--reason", "chaos", "--confirm", "ROLLBACK", "--endpoint", wire.endpoint)
        assert result.status != 0, result
        said = result.out + result.err
        assert "does not say that" in said and "still to be done" in said and "Pause the scheduled queries" in result.err, result
        # With the fault gone it comes to the same end.
        result = place.run("rollback", file, "--reason", "chaos", "--confirm", "ROLLBACK", "--endpoint", box.endpoint)
        # But for what was counted before the week that the rehearsal has passed over.
        assert result.status == 0 or "is kept for seven days only" in result.err + result.out, result
        assert "does not say that" not in result.err, result
        listed = box.call("GET", "/v1/projects/eros-rehearsal/locations/us/transferConfigs")[1]["transferConfigs"]
        assert all(config.get("disabled") for config in listed), listed


@test("/chaos/wire/a-statement-that-was-mangled-is-not-recorded-as-done")
def statement_mangled():
    def mangle(data):
        return data.replace(b"SELECT ", b"SELECT\t")

    with Place() as place, Box(place, f"--sample=eros:{CAPTIONS}") as box:
        name = place.new()
        with Wire(box.endpoint, mangle) as wire:
            result = place.run("backup", name, "--endpoint", wire.endpoint)
        assert result.status != 0, result
        assert "for another than was sent" in result.err, result


main()

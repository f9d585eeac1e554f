package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;

/** One account and the storage slots announced for it (EIP-2930). */
public record AccessListEntry(Address address, List<Hash> slots) {
    public AccessListEntry {
        slots = List.copyOf(slots);
    }
}

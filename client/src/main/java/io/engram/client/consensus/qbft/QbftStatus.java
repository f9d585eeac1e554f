package io.engram.client.consensus.qbft;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a node stands in the agreement on the next block. A snapshot.
 *
 * @param signing whether it takes part; otherwise {@code note} says why not
 * @param proposal digest of the block of this round
 * @param prepared who prepared in this round, as far as heard
 * @param committed who committed in this round, as far as heard
 * @param rounds the highest round that each validator is known to be in; absent: the first
 * @param awaited whose next message decides how it goes on
 * @param roundEndsMillis when the round times out, milliseconds since 1970
 * @param note the last fault or refusal at this height
 */
public record QbftStatus(
        long height,
        int round,
        Phase phase,
        boolean signing,
        List<Address> validators,
        int quorum,
        Optional<Address> proposer,
        Optional<Hash> proposal,
        Set<Address> prepared,
        Set<Address> committed,
        Map<Address, Integer> rounds,
        Set<Address> awaited,
        long roundTimeoutMillis,
        Optional<Long> roundEndsMillis,
        Optional<String> note) {}

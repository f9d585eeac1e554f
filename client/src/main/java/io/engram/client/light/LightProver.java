package io.engram.client.light;

import io.engram.client.consensus.RecoveredSignatures;
import io.engram.client.consensus.Signatures;
import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.block.BlockHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Finds the headers by which a light client comes from genesis to a block, by halves: as few as it takes, found in
 * logarithmic time where the validators changed little. Thread-safe.
 */
public final class LightProver {

    private final LongFunction<Optional<BlockHeader>> headers;
    private final LightGenesis genesis;
    private final Signatures signatures = new RecoveredSignatures();

    /** @param headers of the chain by number, sealed */
    public LightProver(LongFunction<Optional<BlockHeader>> headers, LightGenesis genesis) {
        this.headers = headers;
        this.genesis = genesis;
    }

    /**
     * The headers between genesis and this one, ascending, without those that change nothing.
     *
     * @param header of a block of the chain
     * @return empty when there is no way, or a header on it is missing here
     */
    public Optional<List<BlockHeader>> trail(BlockHeader header) {
        List<BlockHeader> found = new ArrayList<>();
        TrustedValidators start = TrustedValidators.of(genesis, signatures);
        if (advance(start, header, found).isEmpty()) {
            return Optional.empty();
        }
        found.removeLast();
        List<BlockHeader> trail = new ArrayList<>();
        TrustedValidators trusted = start;
        for (BlockHeader passed : found) {
            ValidatorSet before = trusted.validators();
            Optional<TrustedValidators> next = next(trusted, passed);
            if (next.isPresent() && !next.get().validators().equals(before)) {
                trusted = next.get();
                trail.add(passed);
            }
        }
        return trail.size() > LightLimits.TRAIL ? Optional.empty() : Optional.of(List.copyOf(trail));
    }

    private Optional<TrustedValidators> advance(TrustedValidators from, BlockHeader to, List<BlockHeader> found) {
        Optional<TrustedValidators> direct = next(from, to);
        if (direct.isPresent()) {
            found.add(to);
            return direct;
        }
        if (to.number() - from.number() <= 1) {
            return Optional.empty();
        }
        long middle = from.number() + (to.number() - from.number()) / 2;
        return headers.apply(middle)
                .flatMap(header -> advance(from, header, found))
                .flatMap(half -> advance(half, to, found));
    }

    private static Optional<TrustedValidators> next(TrustedValidators from, BlockHeader header) {
        try {
            return Optional.of(from.after(header));
        } catch (RefusedProofException e) {
            return Optional.empty();
        }
    }
}

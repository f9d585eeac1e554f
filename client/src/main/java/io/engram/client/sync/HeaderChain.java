package io.engram.client.sync;

import io.engram.client.chain.ChainStore;
import io.engram.client.chain.HeaderRules;
import io.engram.client.chain.InvalidBlockException;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import java.util.List;
import java.util.Optional;

/**
 * Headers that follow one another, checked before anything of theirs is fetched or executed: numbers, hashes, times, gas and, under
 * QBFT, the seals, so that nobody without the validators' keys can make this node work. Not thread-safe.
 */
final class HeaderChain {

    private final HeaderRules rules;
    private final SealCheck seals;
    private final HeaderHasher hasher;
    private ChainStore.Head last;

    /** Whether a header carries the seals that it needs; its parent is a header already checked. */
    @FunctionalInterface
    interface SealCheck {
        void check(BlockHeader header, ChainStore.Head parent) throws InvalidBlockException;
    }

    HeaderChain(HeaderRules rules, SealCheck seals, HeaderHasher hasher, ChainStore.Head start) {
        this.rules = rules;
        this.seals = seals;
        this.hasher = hasher;
        this.last = start;
    }

    ChainStore.Head last() {
        return last;
    }

    /** Takes in headers; why the first bad one is bad, if one is: it and those after it are not taken. */
    Optional<String> append(List<BlockHeader> headers) {
        for (BlockHeader header : headers) {
            try {
                rules.check(header, last);
                seals.check(header, last);
            } catch (InvalidBlockException e) {
                return Optional.of("header " + header.number() + ": " + e.reason());
            }
            last = new ChainStore.Head(
                    hasher.hash(header), header, last.totalDifficulty().add(header.difficulty()));
        }
        return Optional.empty();
    }
}

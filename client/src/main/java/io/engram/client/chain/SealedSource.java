package io.engram.client.chain;

import io.engram.genesis.Hash;
import java.util.Iterator;

/** Where results of the inferences of sealed blocks are to be had without computing them. Thread-safe. */
@FunctionalInterface
public interface SealedSource {

    /** One source's claim about a block. */
    interface Claim {

        ClaimedInferences inferences();

        /** It has turned out to be false: its source is held to account. */
        void reject();
    }

    /**
     * Claims about a block, as long as there is anybody to ask; each step may take as long as a peer's answer.
     *
     * @param block on-chain hash of a block that carries a quorum of seals
     */
    Iterator<Claim> claims(Hash block, Hash inferenceRoot);
}

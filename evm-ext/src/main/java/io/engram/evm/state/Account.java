package io.engram.evm.state;

import io.engram.genesis.Hash;
import io.engram.genesis.Wei;

/**
 * An account as the EVM sees it; the storage root is the state trie's business.
 *
 * @param nonce unsigned 64-bit
 * @param codeHash {@link Hash#EMPTY_CODE} for an account without code
 */
public record Account(long nonce, Wei balance, Hash codeHash) {

    public static final Account EMPTY = new Account(0, Wei.ZERO, Hash.EMPTY_CODE);

    /** Empty in the sense of EIP-161: no nonce, no balance, no code. */
    public boolean isEmpty() {
        return nonce == 0 && balance.isZero() && codeHash.equals(Hash.EMPTY_CODE);
    }

    public boolean hasCode() {
        return !codeHash.equals(Hash.EMPTY_CODE);
    }
}

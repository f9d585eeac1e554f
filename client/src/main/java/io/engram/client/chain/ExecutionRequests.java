package io.engram.client.chain;

import io.engram.genesis.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * One kind of request to the consensus layer (EIP-7685).
 *
 * @param type request type, which is also the order
 * @param data all requests of the type; the type counts only when there are any
 */
record ExecutionRequests(int type, Bytes data) {

    static final int DEPOSIT = 0;
    static final int WITHDRAWAL = 1;
    static final int CONSOLIDATION = 2;

    /** What the header commits to: the hash over the hashes of the types that have requests. */
    static Hash hash(List<ExecutionRequests> requests) {
        MessageDigest outer = sha256();
        for (ExecutionRequests request : requests) {
            if (!request.data().isEmpty()) {
                MessageDigest inner = sha256();
                inner.update((byte) request.type());
                outer.update(inner.digest(request.data().toArrayUnsafe()));
            }
        }
        return Hash.of(outer.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

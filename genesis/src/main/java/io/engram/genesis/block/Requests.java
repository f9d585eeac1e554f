package io.engram.genesis.block;

import io.engram.genesis.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** Requests of the execution layer to the consensus layer (EIP-7685): each a type byte and its data. */
public final class Requests {

    /** EIP-6110. */
    public static final int DEPOSIT_TYPE = 0;
    /** EIP-7002. */
    public static final int WITHDRAWAL_TYPE = 1;
    /** EIP-7251. */
    public static final int CONSOLIDATION_TYPE = 2;

    /** The requests hash of a block without requests: SHA-256 of no bytes. */
    public static final Hash EMPTY_HASH = hash(List.of());

    private Requests() {}

    /** The commitment that a header carries from Prague on; requests without data are left out of it. */
    public static Hash hash(List<Bytes> requests) {
        MessageDigest outer = sha256();
        for (Bytes request : requests) {
            if (request.size() > 1) {
                outer.update(sha256().digest(request.toArrayUnsafe()));
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

package io.engram.client.dev;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.transaction.Transaction;
import java.util.Optional;

/**
 * The mark on a transaction of an impersonated account: r = 0, which no key can produce, and s = the sender. It keeps
 * the sender through encoding, and every node that checks signatures refuses it.
 */
public final class ImpersonatedSignature {

    private ImpersonatedSignature() {}

    public static Signature of(Address sender) {
        byte[] word = new byte[Hash.SIZE];
        sender.write(word, Hash.SIZE - Address.SIZE);
        return new Signature(Hash.ZERO, Hash.of(word), 0);
    }

    /** The sender that the mark names; empty when the transaction does not carry it. */
    public static Optional<Address> sender(Transaction transaction) {
        Signature signature = transaction.signature();
        return signature.r().isZero()
                ? Optional.of(Address.read(signature.s().toArray(), Hash.SIZE - Address.SIZE))
                : Optional.empty();
    }

    /** The signer, or whom the mark names; the zero address when there is neither. */
    public static Address senderOf(Transaction transaction) {
        return transaction.sender().or(() -> sender(transaction)).orElse(Address.ZERO);
    }
}

package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.jspecify.annotations.Nullable;

/**
 * A signed transaction of any type, as decoded; whether it may enter a block is not checked here. Encoding, hash and
 * sender are computed once, on first use. Immutable and thread-safe.
 */
public final class Transaction {

    private final UnsignedTransaction content;
    private final Signature signature;

    // Written at most by racing threads that computed the same immutable value, so that volatile is enough.
    private volatile @Nullable Bytes encoded;
    private volatile @Nullable Hash hash;
    private volatile @Nullable Sender sender;

    /**
     * The outcome of recovery, so that "not recovered yet" and "no signer" differ.
     *
     * @param given whether it was taken as given instead
     */
    private record Sender(Optional<Address> address, boolean given) {}

    /**
     * @param chainId absent in legacy transactions without replay protection (before EIP-155)
     * @param nonce unsigned 64-bit
     * @param maxPriorityFeePerGas the gas price in types 0 and 1
     * @param maxFeePerGas the gas price in types 0 and 1
     * @param gasLimit unsigned 64-bit; from 2^63 on no block can hold the transaction
     * @param to absent when the transaction creates a contract
     * @param maxFeePerBlobGas present in type 3 only
     * @throws IllegalArgumentException when the fields do not fit the type, as {@link UnsignedTransaction} says
     */
    public Transaction(
            TransactionType type,
            Optional<UInt256> chainId,
            long nonce,
            Wei maxPriorityFeePerGas,
            Wei maxFeePerGas,
            long gasLimit,
            Optional<Address> to,
            Wei value,
            Bytes data,
            List<AccessListEntry> accessList,
            Optional<Wei> maxFeePerBlobGas,
            List<Hash> blobVersionedHashes,
            List<Authorization> authorizations,
            Signature signature) {
        this(
                new UnsignedTransaction(
                        type,
                        chainId,
                        nonce,
                        maxPriorityFeePerGas,
                        maxFeePerGas,
                        gasLimit,
                        to,
                        value,
                        data,
                        accessList,
                        maxFeePerBlobGas,
                        blobVersionedHashes,
                        authorizations),
                signature,
                null);
    }

    private Transaction(UnsignedTransaction content, Signature signature, @Nullable Sender sender) {
        this.content = content;
        this.signature = signature;
        this.sender = sender;
    }

    /**
     * The same transaction with a sender that is taken as given instead of recovered: for state tests, calls and
     * development-mode impersonation. Nothing of it survives encoding.
     */
    public Transaction withSender(Address given) {
        return new Transaction(content, signature, new Sender(Optional.of(given), true));
    }

    /** Keeps the encoding that this was decoded from, as it is canonical: {@link TransactionCodec#encode} gives the same. */
    Transaction decodedFrom(Bytes canonical) {
        encoded = canonical;
        return this;
    }

    /**
     * Spares a recovery: takes over the sender that was recovered from {@code same}, if one was. A given sender is not
     * taken over.
     *
     * @param same a transaction of the same hash, so that its signature and what it signs are the same
     */
    public void adoptSender(Transaction same) {
        if (!same.hash().equals(hash())) {
            throw new IllegalArgumentException(same + " is another transaction than " + this);
        }
        Sender known = same.sender;
        if (sender == null && known != null && !known.given()) {
            sender = known;
        }
    }

    /** Everything but the signature. */
    public UnsignedTransaction content() {
        return content;
    }

    public Signature signature() {
        return signature;
    }

    public TransactionType type() {
        return content.type();
    }

    public Optional<UInt256> chainId() {
        return content.chainId();
    }

    public long nonce() {
        return content.nonce();
    }

    public Wei maxPriorityFeePerGas() {
        return content.maxPriorityFeePerGas();
    }

    public Wei maxFeePerGas() {
        return content.maxFeePerGas();
    }

    /** Unsigned: anyone may sign a limit of 2^63 and more. Compare with {@link #fits} or {@link Long#compareUnsigned}. */
    public long gasLimit() {
        return content.gasLimit();
    }

    /** Whether the gas limit is at most {@code gas}, which is not negative. */
    public boolean fits(long gas) {
        return Long.compareUnsigned(gasLimit(), gas) <= 0;
    }

    /** The gas limit, for texts. */
    public String gasLimitText() {
        return Long.toUnsignedString(gasLimit());
    }

    public Optional<Address> to() {
        return content.to();
    }

    public Wei value() {
        return content.value();
    }

    public Bytes data() {
        return content.data();
    }

    public List<AccessListEntry> accessList() {
        return content.accessList();
    }

    public Optional<Wei> maxFeePerBlobGas() {
        return content.maxFeePerBlobGas();
    }

    public List<Hash> blobVersionedHashes() {
        return content.blobVersionedHashes();
    }

    public List<Authorization> authorizations() {
        return content.authorizations();
    }

    /**
     * What one unit of gas costs the sender (EIP-1559): base fee plus tip, bounded by the maximum fee. Where the
     * maximum is below the base fee the transaction is invalid and the maximum is returned.
     */
    public Wei effectiveGasPrice(Wei baseFee) {
        if (!type().hasFeeMarket() || maxFeePerGas().compareTo(baseFee) <= 0) {
            return maxFeePerGas();
        }
        Wei tip = maxFeePerGas().minus(baseFee);
        return tip.compareTo(maxPriorityFeePerGas()) <= 0 ? maxFeePerGas() : baseFee.plus(maxPriorityFeePerGas());
    }

    /** The EIP-2718 form: the plain list for type 0, else type byte and list. */
    public Bytes encoded() {
        Bytes known = encoded;
        if (known == null) {
            known = TransactionCodec.encode(this);
            encoded = known;
        }
        return known;
    }

    /** Keccak-256 of {@link #encoded}. */
    public Hash hash() {
        Hash known = hash;
        if (known == null) {
            known = Keccak256.hash(encoded());
            hash = known;
        }
        return known;
    }

    /** The signer; empty when no key can have made the signature. High s is accepted here (see {@link #hasLowS}). */
    public Optional<Address> sender() {
        Sender known = sender;
        if (known == null) {
            known = new Sender(Secp256k1.recoverAddress(content.signingHash(), signature), false);
            sender = known;
        }
        return known.address();
    }

    /**
     * Whether the sender was given and not recovered, under a signature that no key can make (r = 0): development-mode
     * impersonation. Never true of a transaction that was decoded.
     */
    public boolean isImpersonated() {
        return signature.r().isZero() && sender().isPresent();
    }

    /** The signature rule of EIP-2, in force from Homestead on. */
    public boolean hasLowS() {
        return Secp256k1.isLowS(signature);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Transaction that && content.equals(that.content) && signature.equals(that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * content.hashCode() + signature.hashCode();
    }

    @Override
    public String toString() {
        return "Transaction[" + hash() + "]";
    }
}

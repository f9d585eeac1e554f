package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * What a sender signs: every field of a {@link Transaction} but the signature, with the same meaning.
 *
 * @throws IllegalArgumentException when a field is present that the type does not have, or one is absent that it needs
 */
public record UnsignedTransaction(
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
        List<Authorization> authorizations) {

    public UnsignedTransaction {
        accessList = List.copyOf(accessList);
        blobVersionedHashes = List.copyOf(blobVersionedHashes);
        authorizations = List.copyOf(authorizations);
        require(type == TransactionType.LEGACY || chainId.isPresent(), "typed transactions name their chain");
        require(type.isTyped() || accessList.isEmpty(), "legacy transactions have no access list");
        require(type.hasFeeMarket() || maxPriorityFeePerGas.equals(maxFeePerGas), "types 0 and 1 have one gas price");
        boolean isBlob = type == TransactionType.BLOB;
        require(maxFeePerBlobGas.isPresent() == isBlob, "a blob fee belongs to type 3");
        require(isBlob || blobVersionedHashes.isEmpty(), "blobs belong to type 3");
        boolean isSetCode = type == TransactionType.SET_CODE;
        require(isSetCode || authorizations.isEmpty(), "authorizations belong to type 4");
        require(to.isPresent() || !(isBlob || isSetCode), "types 3 and 4 cannot create a contract");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** The digest that the sender signs. */
    public Hash signingHash() {
        return TransactionCodec.signingHash(this);
    }

    public Transaction sign(KeyPair keys) {
        return withSignature(Secp256k1.sign(signingHash(), keys));
    }

    public Transaction withSignature(Signature signature) {
        return new Transaction(
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
                authorizations,
                signature);
    }

    /** Starts a transaction of {@code type} with nonce, fees and value 0 and no recipient. */
    public static Builder of(TransactionType type) {
        return new Builder(type);
    }

    /** Collects the fields; not thread-safe. */
    public static final class Builder {

        private final TransactionType type;
        private Optional<UInt256> chainId = Optional.empty();
        private long nonce;
        private Wei maxPriorityFeePerGas = Wei.ZERO;
        private Wei maxFeePerGas = Wei.ZERO;
        private long gasLimit;
        private Optional<Address> to = Optional.empty();
        private Wei value = Wei.ZERO;
        private Bytes data = Bytes.EMPTY;
        private List<AccessListEntry> accessList = List.of();
        private Optional<Wei> maxFeePerBlobGas = Optional.empty();
        private List<Hash> blobVersionedHashes = List.of();
        private List<Authorization> authorizations = List.of();

        private Builder(TransactionType type) {
            this.type = type;
            if (type == TransactionType.BLOB) {
                maxFeePerBlobGas = Optional.of(Wei.ZERO);
            }
        }

        public Builder chainId(long chainId) {
            return chainId(UInt256.valueOf(chainId));
        }

        public Builder chainId(UInt256 chainId) {
            this.chainId = Optional.of(chainId);
            return this;
        }

        public Builder nonce(long nonce) {
            this.nonce = nonce;
            return this;
        }

        /** Types 0 and 1. */
        public Builder gasPrice(Wei gasPrice) {
            this.maxFeePerGas = gasPrice;
            this.maxPriorityFeePerGas = gasPrice;
            return this;
        }

        /** Types 2 and later. */
        public Builder fees(Wei maxFeePerGas, Wei maxPriorityFeePerGas) {
            this.maxFeePerGas = maxFeePerGas;
            this.maxPriorityFeePerGas = maxPriorityFeePerGas;
            return this;
        }

        public Builder gasLimit(long gasLimit) {
            this.gasLimit = gasLimit;
            return this;
        }

        public Builder to(Address to) {
            this.to = Optional.of(to);
            return this;
        }

        public Builder value(Wei value) {
            this.value = value;
            return this;
        }

        public Builder data(Bytes data) {
            this.data = data;
            return this;
        }

        public Builder accessList(List<AccessListEntry> accessList) {
            this.accessList = accessList;
            return this;
        }

        public Builder blobs(Wei maxFeePerBlobGas, List<Hash> versionedHashes) {
            this.maxFeePerBlobGas = Optional.of(maxFeePerBlobGas);
            this.blobVersionedHashes = versionedHashes;
            return this;
        }

        public Builder authorizations(List<Authorization> authorizations) {
            this.authorizations = authorizations;
            return this;
        }

        public UnsignedTransaction build() {
            return new UnsignedTransaction(
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
                    authorizations);
        }

        public Transaction sign(KeyPair keys) {
            return build().sign(keys);
        }
    }
}

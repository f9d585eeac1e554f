package io.engram.genesis.transaction;

import io.engram.genesis.fork.Fork;
import java.math.BigInteger;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The rules that a transaction breaks or keeps by itself, whatever the state and the block. Intrinsic gas and the size of
 * init code are the EVM's to check, blobs and fees the block's. Pure functions.
 */
public final class TransactionRules {

    /** EIP-2681: a nonce stays below 2^64 − 1. */
    private static final long MAX_NONCE = -1L;

    private static final int VERSIONED_HASH_KZG = 0x01;

    private TransactionRules() {}

    /** Why a block of {@code fork} cannot hold the transaction; empty when no rule here speaks against it. */
    public static Optional<String> violation(Transaction transaction, Fork fork, UInt256 chainId) {
        TransactionType type = transaction.type();
        if (!fork.isAtLeast(firstFork(type))) {
            return Optional.of("type " + type.code() + " does not exist before " + firstFork(type));
        }
        Optional<UInt256> named = transaction.chainId();
        if (named.isPresent() && !fork.isAtLeast(Fork.SPURIOUS_DRAGON)) {
            return Optional.of("no chain id before " + Fork.SPURIOUS_DRAGON);
        }
        if (named.isPresent() && !named.get().equals(chainId)) {
            return Optional.of("for chain " + named.get().toBigInteger() + ", not " + chainId.toBigInteger());
        }
        if (fork.isAtLeast(Fork.HOMESTEAD) && !transaction.hasLowS()) {
            return Optional.of("s lies in the upper half");
        }
        if (transaction.sender().isEmpty()) {
            return Optional.of("no key can have signed it");
        }
        if (transaction.nonce() == MAX_NONCE) {
            return Optional.of("the nonce is 2^64 - 1");
        }
        if (transaction.maxPriorityFeePerGas().compareTo(transaction.maxFeePerGas()) > 0) {
            return Optional.of("the priority fee exceeds the maximum fee");
        }
        if (costBits(transaction) > 256) {
            return Optional.of("gas times price exceeds 256 bits");
        }
        return ofType(transaction);
    }

    /** The fork that introduced a type. */
    public static Fork firstFork(TransactionType type) {
        return switch (type) {
            case LEGACY -> Fork.FRONTIER;
            case ACCESS_LIST -> Fork.BERLIN;
            case FEE_MARKET -> Fork.LONDON;
            case BLOB -> Fork.CANCUN;
            case SET_CODE -> Fork.PRAGUE;
        };
    }

    private static int costBits(Transaction transaction) {
        return transaction
                .maxFeePerGas()
                .toBigInteger()
                .multiply(new BigInteger(transaction.gasLimitText()))
                .bitLength();
    }

    private static Optional<String> ofType(Transaction transaction) {
        if (transaction.type() == TransactionType.BLOB) {
            if (transaction.blobVersionedHashes().isEmpty()) {
                return Optional.of("a blob transaction without blobs");
            }
            boolean isKnownVersion =
                    transaction.blobVersionedHashes().stream().allMatch(hash -> hash.w0() >>> 56 == VERSIONED_HASH_KZG);
            return isKnownVersion ? Optional.empty() : Optional.of("a blob hash of unknown version");
        }
        if (transaction.type() == TransactionType.SET_CODE
                && transaction.authorizations().isEmpty()) {
            return Optional.of("a set-code transaction without authorizations");
        }
        return Optional.empty();
    }
}

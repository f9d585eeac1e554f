package io.engram.client.pool;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.transaction.Transaction;
import java.math.BigInteger;

/**
 * A transaction in the pool.
 *
 * @param sequence order of arrival
 * @param size bytes of the canonical encoding
 */
public record PooledTransaction(Transaction transaction, Hash hash, Address sender, long sequence, int size) {

    public long nonce() {
        return transaction.nonce();
    }

    /** What a block's coinbase gains for each unit of gas: negative when the fee cap is below {@code baseFee}. */
    public BigInteger effectiveTip(Wei baseFee) {
        BigInteger overBase = transaction.maxFeePerGas().toBigInteger().subtract(baseFee.toBigInteger());
        return overBase.min(transaction.maxPriorityFeePerGas().toBigInteger());
    }

    /** The most that executing it can take from the sender. */
    public BigInteger maxCost() {
        BigInteger gas = new BigInteger(transaction.gasLimitText());
        return transaction
                .value()
                .toBigInteger()
                .add(gas.multiply(transaction.maxFeePerGas().toBigInteger()));
    }
}

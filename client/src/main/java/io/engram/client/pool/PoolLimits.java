package io.engram.client.pool;

/**
 * What the pool holds at most.
 *
 * @param transactions in all
 * @param perSender of one account, executable and waiting ones together
 * @param nonceGap how far a nonce may lie ahead of the account's
 * @param transactionBytes canonical encoding of one transaction
 * @param replacementPercent by how much both fees of a replacement must exceed those of the transaction it replaces
 */
public record PoolLimits(int transactions, int perSender, long nonceGap, int transactionBytes, int replacementPercent) {

    public static final PoolLimits DEFAULT = new PoolLimits(8_192, 512, 1_024, 128 * 1_024, 10);
}

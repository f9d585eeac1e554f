package io.engram.client.chain;

import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.BlobParameters;
import io.engram.genesis.fork.Fork;
import java.math.BigInteger;

/** Supply and price of blob gas (EIP-4844, EIP-7691, EIP-7918). Stateless. */
public final class BlobMarket {

    public static final long GAS_PER_BLOB = 1L << 17;
    private static final long BLOB_BASE_COST = 1L << 13;
    private static final BigInteger MIN_BASE_FEE = BigInteger.ONE;

    private BlobMarket() {}

    /** Excess blob gas of the block after {@code parent}, whose own rules are {@code fork} and {@code blobs}. */
    static long excess(BlockHeader parent, Fork fork, BlobParameters blobs) {
        long excess = parent.excessBlobGas().orElse(0L);
        long used = parent.blobGasUsed().orElse(0L);
        long target = blobs.target() * GAS_PER_BLOB;
        if (Long.compareUnsigned(excess + used, target) < 0) {
            return 0;
        }
        if (fork.isAtLeast(Fork.OSAKA)) {
            BigInteger reserve = parent.baseFee()
                    .orElse(Wei.ZERO)
                    .toBigInteger()
                    .multiply(BigInteger.valueOf(BLOB_BASE_COST));
            BigInteger price = baseFee(excess, blobs).toBigInteger().multiply(BigInteger.valueOf(GAS_PER_BLOB));
            if (reserve.compareTo(price) > 0) {
                return excess + Math.multiplyExact(used, blobs.max() - blobs.target()) / blobs.max();
            }
        }
        return excess + used - target;
    }

    /** Wei for each unit of blob gas. */
    public static Wei baseFee(long excessBlobGas, BlobParameters blobs) {
        BigInteger numerator = new BigInteger(Long.toUnsignedString(excessBlobGas));
        BigInteger denominator = BigInteger.valueOf(blobs.baseFeeUpdateFraction());
        BigInteger output = BigInteger.ZERO;
        BigInteger term = MIN_BASE_FEE.multiply(denominator);
        for (long i = 1; term.signum() > 0; i++) {
            output = output.add(term);
            term = term.multiply(numerator).divide(denominator.multiply(BigInteger.valueOf(i)));
        }
        return Wei.of(output.divide(denominator));
    }
}

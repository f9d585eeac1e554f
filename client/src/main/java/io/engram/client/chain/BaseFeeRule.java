package io.engram.client.chain;

import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import java.math.BigInteger;

/** The base fee of EIP-1559. Stateless. */
public final class BaseFeeRule {

    static final int ELASTICITY = 2;
    private static final BigInteger DENOMINATOR = BigInteger.valueOf(8);
    static final Wei INITIAL = Wei.of(1_000_000_000);

    private BaseFeeRule() {}

    /** The base fee of the block after {@code parent}; {@link #INITIAL} when the parent has none. */
    public static Wei next(BlockHeader parent) {
        if (parent.baseFee().isEmpty()) {
            return INITIAL;
        }
        long target = parent.gasLimit() / ELASTICITY;
        BigInteger fee = parent.baseFee().get().toBigInteger();
        if (parent.gasUsed() == target || target == 0) {
            return parent.baseFee().get();
        }
        BigInteger distance = BigInteger.valueOf(Math.abs(parent.gasUsed() - target));
        BigInteger change =
                fee.multiply(distance).divide(BigInteger.valueOf(target)).divide(DENOMINATOR);
        return Wei.of(parent.gasUsed() > target ? fee.add(change.max(BigInteger.ONE)) : fee.subtract(change));
    }
}

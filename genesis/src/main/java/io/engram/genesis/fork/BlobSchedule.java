package io.engram.genesis.fork;

/**
 * The blob parameters in force from one fork on (EIP-7840).
 *
 * @param target blobs in a block at which the price stays
 * @param max blobs that a block may hold
 * @param baseFeeUpdateFraction how slowly the price reacts
 */
public record BlobSchedule(int target, int max, long baseFeeUpdateFraction) {

    public static final BlobSchedule CANCUN = new BlobSchedule(3, 6, 3_338_477);
    /** EIP-7691; unchanged in Osaka. */
    public static final BlobSchedule PRAGUE = new BlobSchedule(6, 9, 5_007_716);
    /** The main network's first blob-parameter-only fork (EIP-7892). */
    public static final BlobSchedule BPO1 = new BlobSchedule(10, 15, 8_346_193);
    /** The main network's second blob-parameter-only fork. */
    public static final BlobSchedule BPO2 = new BlobSchedule(14, 21, 11_684_671);

    public BlobSchedule {
        if (target < 0 || max < target || baseFeeUpdateFraction <= 0) {
            throw new IllegalArgumentException("impossible blob schedule: target " + target + ", max " + max
                    + ", fraction " + baseFeeUpdateFraction);
        }
    }

    public long targetGas() {
        return target * BlobGas.GAS_PER_BLOB;
    }

    public long maxGas() {
        return max * BlobGas.GAS_PER_BLOB;
    }
}

package io.engram.evm.precompile;

import java.math.BigInteger;

/** The parameters of alt_bn128, the curve of EIP-196 and EIP-197, a Barreto-Naehrig curve. */
final class Bn254 {

    /** The parameter x of the family. */
    static final long X = 4965661367192848881L;

    /** The order r of the groups. */
    static final BigInteger ORDER =
            new BigInteger("21888242871839275222246405745257275088548364400416034343698204186575808495617");

    private Bn254() {}
}

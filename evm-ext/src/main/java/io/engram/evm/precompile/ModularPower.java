package io.engram.evm.precompile;

import java.math.BigInteger;

/** Modular exponentiation of unsigned numbers. */
final class ModularPower {

    private ModularPower() {}

    /** {@code base ^ exponent mod modulus} for a modulus above 1 and operands of zero or more. */
    static BigInteger of(BigInteger base, BigInteger exponent, BigInteger modulus) {
        return base.modPow(exponent, modulus);
    }
}

package io.engram.client.bench;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;

/** A valid signature on the curve P-256, as the precompiled contract takes it. */
final class P256Sample {

    private static final int WORD = 32;

    private P256Sample() {}

    static String hex() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Signature signer = Signature.getInstance("NONEwithECDSAinP1363Format");
            signer.initSign(pair.getPrivate());
            byte[] digest = new byte[WORD];
            digest[0] = 1;
            signer.update(digest);
            BigInteger both = new BigInteger(1, signer.sign());
            if (!(pair.getPublic() instanceof ECPublicKey key)) {
                throw new IllegalStateException("an EC key pair without an EC key");
            }
            return String.format(
                    "%064x%0128x%064x%064x",
                    new BigInteger(1, digest),
                    both,
                    key.getW().getAffineX(),
                    key.getW().getAffineY());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has the curve P-256", e);
        }
    }
}

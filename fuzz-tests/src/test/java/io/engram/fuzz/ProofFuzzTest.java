package io.engram.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.client.light.LightGenesis;
import io.engram.client.light.LightProofCodec;
import io.engram.client.light.LightVerifier;
import io.engram.client.light.ProofVerdict;
import io.engram.genesis.Address;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.rlp.RlpException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Bytes as a light proof: refused with a reason, and one that can be read has this one encoding. */
class ProofFuzzTest {

    private static final LightGenesis OWN = own();

    private static LightGenesis own() {
        try {
            return LightGenesis.of(DevGenesis.of(new Address(0, 0, 0xbb))).orElseThrow();
        } catch (InvalidGenesisException e) {
            throw new IllegalStateException("the development genesis is wrong", e);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void proofs_are_refused_with_a_reason(byte[] input) {
        Bytes bytes = Bytes.wrap(input);
        try {
            assertThat(LightProofCodec.encode(LightProofCodec.decode(bytes))).isEqualTo(bytes);
        } catch (RlpException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
        assertThat(LightVerifier.verify(bytes, Optional.empty())).isNotNull();
        assertThat(LightVerifier.verify(bytes, Optional.of(OWN)))
                .isInstanceOfSatisfying(
                        ProofVerdict.Refused.class,
                        refused -> assertThat(refused.detail()).isNotBlank());
    }
}

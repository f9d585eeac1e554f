package io.engram.client.consensus.qbft.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.client.consensus.RecoveredSignatures;
import io.engram.client.consensus.Signatures;
import io.engram.genesis.Address;
import io.engram.genesis.rlp.RlpException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Bytes as consensus messages: the first byte chooses the code. With real signatures, and with any signature taken for one of its
 * own, so that what is behind it is reached: a message is read, or ends in the one checked error.
 */
class QbftMessageFuzzTest {

    private static final Signatures ANYBODYS =
            (digest, signature) -> Optional.of(new Address(0, 0, signature.yParity()));

    private final MessageCodec real = new MessageCodec(new RecoveredSignatures());
    private final MessageCodec lax = new MessageCodec(ANYBODYS);

    @FuzzTest(maxDuration = "2m")
    void messages_are_read_or_refused(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int code = 0x11 + (input[0] & 7);
        Bytes data = Bytes.wrap(Arrays.copyOfRange(input, 1, input.length));
        decode(real, code, data);
        decode(lax, code, data);
    }

    private static void decode(MessageCodec codec, int code, Bytes data) {
        try {
            assertThat(codec.decode(code, data).kind().code()).isEqualTo(code);
        } catch (RlpException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }
}

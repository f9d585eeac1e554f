package io.engram.p2p.eth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.p2p.peer.WireException;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/**
 * Bytes as messages of eth: the first byte is the code, its highest bit the version. What is read and written again is read as the
 * same; everything else ends in the one checked error.
 */
class EthMessageFuzzTest {

    private static final int CODE_MASK = 0x3f;

    @FuzzTest(maxDuration = "2m")
    void messages_come_back_as_they_were(byte[] input) throws WireException {
        if (input.length == 0) {
            return;
        }
        EthVersion version = input[0] < 0 ? EthVersion.ETH69 : EthVersion.ETH68;
        Bytes payload = Bytes.wrap(Arrays.copyOfRange(input, 1, input.length));
        try {
            EthMessage message = EthCodec.decode(version, input[0] & CODE_MASK, payload);
            EthCodec.Encoded again = EthCodec.encode(version, message);
            assertThat(EthCodec.decode(version, again.code(), again.payload())).isEqualTo(message);
        } catch (WireException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
        try {
            Status status = EthCodec.decodeStatus(version, payload);
            assertThat(EthCodec.encodeStatus(status)).isEqualTo(payload);
        } catch (WireException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }
}

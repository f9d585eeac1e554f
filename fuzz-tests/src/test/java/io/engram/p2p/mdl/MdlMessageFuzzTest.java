package io.engram.p2p.mdl;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.p2p.peer.WireException;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/**
 * Bytes as messages of mdl: the first byte is the code. What is read is written as the same bytes; everything else ends in the
 * one checked error.
 */
class MdlMessageFuzzTest {

    private static final int CODE_MASK = 0x0f;

    @FuzzTest(maxDuration = "2m")
    void messages_come_back_as_they_were(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int code = input[0] & CODE_MASK;
        Bytes payload = Bytes.wrap(Arrays.copyOfRange(input, 1, input.length));
        try {
            if (code == MdlCodec.STATUS) {
                assertThat(MdlCodec.encodeStatus(MdlCodec.decodeStatus(payload)))
                        .isEqualTo(payload);
            } else {
                MdlCodec.Encoded again = MdlCodec.encode(MdlCodec.decode(code, payload));
                assertThat(again.code()).isEqualTo(code);
                assertThat(again.payload()).isEqualTo(payload);
            }
        } catch (WireException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }
}

package io.engram.evm.tracer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** The text in revert data of the form of Solidity's {@code Error(string)}. */
public final class RevertReason {

    private static final int SELECTOR = 0x08c379a0;
    private static final int WORD = 32;

    private RevertReason() {}

    /** @return empty when the data has another form or the text is not UTF-8 */
    public static Optional<String> of(Bytes output) {
        if (output.size() < 4 + 2 * WORD || output.getInt(0) != SELECTOR) {
            return Optional.empty();
        }
        Bytes arguments = output.slice(4);
        Bytes offset = arguments.slice(0, WORD).trimLeadingZeros();
        if (offset.size() > 3 || offset.toInt() > arguments.size() - WORD) {
            return Optional.empty();
        }
        Bytes length = arguments.slice(offset.toInt(), WORD).trimLeadingZeros();
        if (length.size() > 3 || length.toInt() > arguments.size() - WORD - offset.toInt()) {
            return Optional.empty();
        }
        byte[] text = arguments.slice(offset.toInt() + WORD, length.toInt()).toArrayUnsafe();
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}

package io.engram.genesis.rlp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Corpora;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class RlpTestsTest {

    @Test
    void theRlpTestsPass() throws Exception {
        Path root = Corpora.require("ethereum-basic-tests/RLPTests");
        int passed = 0;
        for (Path file : Corpora.jsonFiles(root)) {
            for (Map.Entry<String, JsonNode> test :
                    new ObjectMapper().readTree(file.toFile()).properties()) {
                JsonNode in = test.getValue().required("in");
                String hex = test.getValue().required("out").asText();
                Bytes encoded = Bytes.fromHexString(hex);
                if (in.asText().equals("INVALID")) {
                    assertThatThrownBy(() -> RlpItem.decode(encoded))
                            .as(test.getKey())
                            .isInstanceOf(RlpException.class);
                } else if (in.asText().equals("VALID")) {
                    assertThat(RlpItem.decode(encoded).encode())
                            .as(test.getKey())
                            .isEqualTo(encoded);
                } else {
                    assertThat(item(in).encode()).as(test.getKey()).isEqualTo(encoded);
                    assertThat(RlpItem.decode(encoded)).as(test.getKey()).isEqualTo(item(in));
                }
                passed++;
            }
        }
        System.out.println("RLPTests: " + passed + " passed, 0 failed");
        assertThat(passed).isPositive();
    }

    private static RlpItem item(JsonNode in) {
        if (in.isArray()) {
            List<RlpItem> items = new ArrayList<>();
            in.forEach(element -> items.add(item(element)));
            return new RlpItem.Sequence(items);
        }
        if (in.isNumber()) {
            return new RlpItem.Text(Bytes.minimalBytes(in.asLong()));
        }
        String text = in.asText();
        if (text.startsWith("#")) {
            BigInteger number = new BigInteger(text.substring(1));
            return new RlpItem.Text(
                    number.bitLength() <= 256
                            ? UInt256.valueOf(number).toMinimalBytes()
                            : Bytes.wrap(number.toByteArray()).trimLeadingZeros());
        }
        return new RlpItem.Text(Bytes.wrap(text.getBytes(ISO_8859_1)));
    }
}

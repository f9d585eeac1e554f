package io.engram.genesis.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Corpora;
import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The blocks of the block tests as bytes: the valid ones come back and have their hashes. */
class BlockchainTestsTest {

    @ParameterizedTest
    @ValueSource(strings = {"eest-blockchain-tests", "ethereum-blockchain-tests", "legacy-blockchain-tests"})
    void validBlocksComeBackWithTheirHashesAndOthersEndInTheOneError(String corpus) throws Exception {
        Path root = Corpora.require(corpus);
        ObjectMapper json = new ObjectMapper();
        int valid = 0;
        int refused = 0;
        int decoded = 0;
        for (Path file : Corpora.jsonFiles(root)) {
            for (Map.Entry<String, JsonNode> test : json.readTree(file.toFile()).properties()) {
                for (JsonNode block : test.getValue().path("blocks")) {
                    Bytes rlp = Bytes.fromHexString(block.required("rlp").asText());
                    try {
                        Block read = BlockCodec.decode(rlp);
                        assertThat(BlockCodec.encode(read)).as(test.getKey()).isEqualTo(rlp);
                        if (block.has("blockHeader")) {
                            assertThat(HeaderHasher.KECCAK.hash(read.header()))
                                    .as(test.getKey())
                                    .isEqualTo(Hash.fromHex(
                                            block.at("/blockHeader/hash").asText()));
                            valid++;
                        } else {
                            decoded++;
                        }
                    } catch (RlpException e) {
                        assertThat(block.has("blockHeader"))
                                .as(test.getKey() + ": " + e.getMessage())
                                .isFalse();
                        refused++;
                    }
                }
            }
        }
        System.out.println(corpus + ", blocks as bytes: " + valid + " valid came back with their hash, " + refused
                + " invalid refused in decoding, " + decoded + " invalid left to validation, 0 failed");
        assertThat(valid).isPositive();
    }
}

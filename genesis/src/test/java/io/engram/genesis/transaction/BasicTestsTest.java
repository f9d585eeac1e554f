package io.engram.genesis.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Corpora;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/** Ethereum's oldest tests: keys, transactions, the first block. */
class BasicTestsTest {

    private static JsonNode read(String name) throws Exception {
        return new ObjectMapper()
                .readTree(Corpora.require("ethereum-basic-tests/BasicTests/" + name)
                        .toFile());
    }

    @Test
    void keysHaveTheirAddresses() throws Exception {
        for (JsonNode test : read("keyaddrtest.json")) {
            Hash key = Keccak256.hash(test.path("seed").asText().getBytes(StandardCharsets.US_ASCII));
            assertThat(key.toHex()).isEqualTo("0x" + test.path("key").asText());
            KeyPair keys = KeyPair.of(key);
            assertThat(keys.address().toHex())
                    .isEqualTo("0x" + test.path("addr").asText());
        }
    }

    @Test
    void transactionsNameTheirSenders() throws Exception {
        for (JsonNode test : read("txtest.json")) {
            Bytes signed = Bytes.fromHexString(test.path("signed").asText());
            Transaction transaction = TransactionCodec.decode(signed);
            assertThat(transaction.encoded()).isEqualTo(signed);
            assertThat(transaction.nonce()).isEqualTo(test.path("nonce").asLong());
            assertThat(transaction.gasLimit()).isEqualTo(test.path("startgas").asLong());
            assertThat(transaction.data().toUnprefixedHexString())
                    .isEqualTo(test.path("data").asText());
            KeyPair keys = KeyPair.of(Hash.fromHex("0x" + test.path("key").asText()));
            assertThat(transaction.sender()).contains(keys.address());
        }
    }

    @Test
    void theFirstBlockHasItsHash() throws Exception {
        JsonNode test = read("genesishashestest.json");
        BlockHeader header = BlockCodec.decode(
                        Bytes.fromHexString(test.path("genesis_rlp_hex").asText()))
                .header();
        assertThat(header.stateRoot().toHex())
                .isEqualTo("0x" + test.path("genesis_state_root").asText());
        assertThat(HeaderHasher.KECCAK.hash(header).toHex())
                .isEqualTo("0x" + test.path("genesis_hash").asText());
    }
}

package io.engram.genesis.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * A genesis file in Besu's or geth's form: rules, the fields of block 0 and the accounts that exist from the start.
 *
 * @param baseFee what the file names; the block's may follow from the rules ({@link GenesisBlock})
 * @param alloc the accounts that the file lists, without predeploys ({@link #accounts})
 */
public record GenesisFile(
        ChainConfig config,
        UInt256 difficulty,
        long gasLimit,
        long gasUsed,
        long timestamp,
        Bytes extraData,
        Hash mixHash,
        Bytes nonce,
        Address coinbase,
        Hash parentHash,
        Optional<Wei> baseFee,
        long blobGasUsed,
        long excessBlobGas,
        SortedMap<Address, GenesisAccount> alloc) {

    /** No genesis file may be larger, in bytes. */
    public static final long MAX_SIZE = 256L << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Keys without meaning for the chain. */
    private static final List<String> HARMLESS = List.of("comment", "_comment");

    /** Keys of an account without meaning for the chain; Besu's development files list private keys. */
    private static final List<String> HARMLESS_OF_ACCOUNT = List.of("comment", "privateKey", "secretKey");

    public GenesisFile {
        alloc = Collections.unmodifiableSortedMap(new TreeMap<>(alloc));
    }

    public static GenesisFile read(Path file) throws IOException, InvalidGenesisException {
        if (Files.size(file) > MAX_SIZE) {
            throw new InvalidGenesisException(file + " is larger than " + MAX_SIZE + " bytes");
        }
        return parse(Files.readString(file));
    }

    public static GenesisFile parse(String json) throws InvalidGenesisException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidGenesisException("the genesis file is not JSON: " + e.getOriginalMessage(), e);
        }
        JsonSection in = new JsonSection("", root);
        in.ignore(HARMLESS);
        ChainConfig config =
                ChainConfigReader.read(in.section("config").orElseThrow(() -> in.error("config", "is missing")));
        if (in.integer("number", 0) != 0) {
            throw in.error("number", "is not 0");
        }
        GenesisFile file = new GenesisFile(
                config,
                in.number("difficulty").orElse(UInt256.ZERO),
                in.integer("gasLimit").orElseThrow(() -> in.error("gasLimit", "is missing")),
                in.integer("gasUsed", 0),
                in.integer("timestamp", 0),
                in.bytes("extraData").orElse(Bytes.EMPTY),
                in.word("mixHash"),
                in.padded("nonce", BlockHeader.NONCE_SIZE),
                Address.of(in.padded("coinbase", Address.SIZE)),
                in.word("parentHash"),
                in.wei("baseFeePerGas"),
                in.integer("blobGasUsed", 0),
                in.integer("excessBlobGas", 0),
                alloc(in));
        in.end();
        return file;
    }

    private static SortedMap<Address, GenesisAccount> alloc(JsonSection parent) throws InvalidGenesisException {
        SortedMap<Address, GenesisAccount> accounts = new TreeMap<>();
        Optional<JsonSection> section = parent.section("alloc");
        if (section.isEmpty()) {
            return accounts;
        }
        JsonSection in = section.get();
        for (String key : in.keys()) {
            Address address = JsonSection.parseAddress("alloc key", key, "alloc");
            JsonSection account = in.section(key).orElseThrow(() -> in.error(key, "is null"));
            if (accounts.put(address, account(account)) != null) {
                throw in.error(key, "appears twice");
            }
        }
        in.end();
        return accounts;
    }

    private static GenesisAccount account(JsonSection in) throws InvalidGenesisException {
        in.ignore(HARMLESS_OF_ACCOUNT);
        SortedMap<UInt256, UInt256> storage = new TreeMap<>();
        Optional<JsonSection> slots = in.section("storage");
        if (slots.isPresent()) {
            JsonSection section = slots.get();
            for (String slot : section.keys()) {
                Hash value = section.word(slot);
                if (storage.put(slot(section, slot), UInt256.fromBytes(value.toBytes())) != null) {
                    throw section.error(slot, "appears twice");
                }
            }
            section.end();
        }
        GenesisAccount account = new GenesisAccount(
                in.wei("balance").orElse(Wei.ZERO),
                in.integer("nonce", 0),
                in.bytes("code").orElse(Bytes.EMPTY),
                storage);
        in.end();
        return account;
    }

    private static UInt256 slot(JsonSection section, String key) throws InvalidGenesisException {
        try {
            return UInt256.fromBytes(Bytes.fromHexStringLenient(key));
        } catch (IllegalArgumentException e) {
            throw section.error(key, "is not a storage slot");
        }
    }

    /** The same file with other extra data. */
    public GenesisFile withExtraData(Bytes replacement) {
        return new GenesisFile(
                config,
                difficulty,
                gasLimit,
                gasUsed,
                timestamp,
                replacement,
                mixHash,
                nonce,
                coinbase,
                parentHash,
                baseFee,
                blobGasUsed,
                excessBlobGas,
                alloc);
    }

    /** The same file with other accounts. */
    public GenesisFile withAlloc(SortedMap<Address, GenesisAccount> replacement) {
        return new GenesisFile(
                config,
                difficulty,
                gasLimit,
                gasUsed,
                timestamp,
                extraData,
                mixHash,
                nonce,
                coinbase,
                parentHash,
                baseFee,
                blobGasUsed,
                excessBlobGas,
                replacement);
    }

    /**
     * The same file with the extra data of a QBFT chain that begins with these validators, and with the vanity that
     * inference asks for ({@link #requiredVanity}).
     */
    public GenesisFile withValidators(List<Address> validators) {
        List<Address> ascending = validators.stream().sorted().distinct().toList();
        QbftExtraData data =
                new QbftExtraData(requiredVanity().orElse(Hash.ZERO), ascending, Optional.empty(), 0, List.of());
        return withExtraData(QbftExtraDataCodec.encode(data));
    }

    /** The vanity that block 0 must carry: the inference configuration's hash where inference is active at once. */
    public Optional<Hash> requiredVanity() {
        return config.inference()
                .filter(inference -> inference.activationBlock() == 0)
                .map(InferenceConfigHash::of);
    }

    /** The validators that block 0 names; none on a chain without QBFT or with a validator contract. */
    public List<Address> validators() throws InvalidGenesisException {
        return config.qbft().isPresent() ? qbftExtraData().validators() : List.of();
    }

    private QbftExtraData qbftExtraData() throws InvalidGenesisException {
        try {
            return QbftExtraDataCodec.decode(extraData);
        } catch (RlpException e) {
            throw new InvalidGenesisException("extraData is not that of a QBFT chain: " + e.getMessage(), e);
        }
    }

    /** The rules of block 0 beyond single fields. */
    void check() throws InvalidGenesisException {
        if (config.qbft().isEmpty()) {
            return;
        }
        QbftExtraData data = qbftExtraData();
        if (data.validators().isEmpty()
                && config.qbft().get().validatorContract().isEmpty()) {
            throw new InvalidGenesisException(
                    "extraData names no validators and qbft.validatorcontractaddress is missing");
        }
        Optional<Hash> vanity = requiredVanity();
        if (vanity.isPresent() && !vanity.get().equals(data.vanity())) {
            throw new InvalidGenesisException("extraData has the vanity " + data.vanity()
                    + ", but config.inference, active at genesis, has the hash " + vanity.get()
                    + ", which must stand there");
        }
    }

    /** The accounts of block 0: {@link #alloc} and, where inference is active at once, its predeploys. */
    public SortedMap<Address, GenesisAccount> accounts() throws InvalidGenesisException {
        Optional<InferenceConfig> active = config.inference().filter(inference -> inference.activationBlock() == 0);
        if (active.isEmpty()) {
            return alloc;
        }
        return InferencePredeploys.install(alloc, active.get(), validators());
    }
}

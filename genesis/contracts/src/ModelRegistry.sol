// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// The chain's list of neural networks. A model is announced by anyone who pays for its bytes, attested by a quorum of the
/// validators in force, and callable from a later block on. Installed by the protocol at a fixed address without a
/// constructor: slots 1 and 3 to 5 are written by the client.
///
/// The client reads this storage directly, so the layout is consensus-critical. It is pinned by a test and described in
/// docs/consensus.md; new variables go to the end.
contract ModelRegistry {
    struct Model {
        // slot 0, from the low end
        address author;
        uint16 royalty;
        uint64 announcedAt;
        // slot 1, from the low end
        uint64 activeFrom;
        uint64 retiredFrom;
        uint64 expiresAt;
        bool suspended;
        bool permanent;
        // slot 2: price counters and input/output description, packed as docs/inference-spec.md says
        bytes32[] facts;
    }

    /// Caller of the protocol's own calls (as in EIP-4788 and EIP-2935).
    address private constant SYSTEM = 0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE;
    uint256 private constant MIN_FACTS = 4;
    uint256 private constant MAX_FACTS = 18;
    uint256 private constant LOW_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant ATTESTATION_TYPE = keccak256(
        "Attestation(bytes32 modelId,address author,uint16 royalty,bytes32[] facts,bytes32 inferenceConfigHash)"
    );
    bytes32 private constant SUSPENSION_TYPE = keccak256("Suspension(bytes32 modelId,bool suspended,uint256 nonce)");

    mapping(bytes32 modelId => Model) private models; // slot 0
    address[] private validators; // slot 1, ascending
    bytes32[] private ids; // slot 2: every model that was ever attested
    bytes32 public inferenceConfigHash; // slot 3
    uint128 public pricePerByte; // slot 4, from the low end
    uint64 public activationDelay;
    uint64 public retirementNotice;
    uint64 public announcementExpiry; // slot 5
    mapping(bytes32 terms => uint64 expiresAt) private announcements; // slot 6
    mapping(address author => bytes32[]) private byAuthor; // slot 7
    mapping(bytes32 modelId => uint256) public suspensionNonce; // slot 8

    event Announced(bytes32 indexed modelId, address indexed author, uint16 royalty, bytes32[] facts, uint64 expiresAt);
    event Attested(bytes32 indexed modelId, address indexed author, uint64 activeFrom);
    event Retiring(bytes32 indexed modelId, uint64 retiredFrom);
    event MadePermanent(bytes32 indexed modelId);
    event SuspensionChanged(bytes32 indexed modelId, bool suspended);
    event ValidatorsChanged(address[] validators);

    error NotSystem();
    error NotAuthor(address author);
    error UnknownModel(bytes32 modelId);
    error AlreadyAttested(bytes32 modelId);
    error NotAnnounced(bytes32 modelId);
    error MalformedFacts();
    error NoAuthor();
    error WrongPrice(uint256 required, uint256 paid);
    error NoQuorum(uint256 required, uint256 valid);
    error NotValidator(address signer);
    error SignersNotAscending();
    error MalformedSignature();
    error Permanent(bytes32 modelId);
    error AlreadyRetiring(bytes32 modelId);

    /// Replaces the validator set. Only the protocol calls this, at the start of a block.
    function setValidators(address[] calldata next) external {
        if (msg.sender != SYSTEM) revert NotSystem();
        validators = next;
        emit ValidatorsChanged(next);
    }

    /// Offers a model to the validators. Terms of one model may be announced several times with different fields; only
    /// those that a quorum signs become the model, so nobody can occupy an id with false terms.
    /// The price per byte of the announced size must be sent exactly; it is not returned.
    function announce(bytes32 modelId, address author, uint16 royalty, bytes32[] calldata facts) external payable {
        if (author == address(0)) revert NoAuthor();
        if (facts.length < MIN_FACTS || facts.length > MAX_FACTS) revert MalformedFacts();
        if (models[modelId].activeFrom != 0) revert AlreadyAttested(modelId);
        uint256 price = uint256(pricePerByte) * (uint256(facts[0]) >> 192);
        if (msg.value != price) revert WrongPrice(price, msg.value);

        uint64 expiresAt = uint64(block.number) + announcementExpiry;
        announcements[termsOf(modelId, author, royalty, facts)] = expiresAt;
        Model storage model = models[modelId];
        model.author = author;
        model.royalty = royalty;
        model.announcedAt = uint64(block.number);
        model.expiresAt = expiresAt;
        model.facts = facts;
        emit Announced(modelId, author, royalty, facts, expiresAt);
    }

    /// Makes an announced model active after the activation delay. `signatures` are 65-byte r ‖ s ‖ v over
    /// `attestationDigest`, ordered by signer address, each by a validator in force now.
    function attest(
        bytes32 modelId,
        address author,
        uint16 royalty,
        bytes32[] calldata facts,
        bytes[] calldata signatures
    ) external {
        Model storage model = models[modelId];
        if (model.activeFrom != 0) revert AlreadyAttested(modelId);
        if (announcements[termsOf(modelId, author, royalty, facts)] < block.number) revert NotAnnounced(modelId);
        requireQuorum(attestationDigest(modelId, author, royalty, facts), signatures);

        model.author = author;
        model.royalty = royalty;
        model.facts = facts;
        model.activeFrom = uint64(block.number) + 1 + activationDelay;
        model.expiresAt = 0;
        ids.push(modelId);
        byAuthor[author].push(modelId);
        emit Attested(modelId, author, model.activeFrom);
    }

    /// Ends a model after the notice period.
    function retire(bytes32 modelId) external {
        Model storage model = ownModel(modelId);
        if (model.permanent) revert Permanent(modelId);
        if (model.retiredFrom != 0) revert AlreadyRetiring(modelId);
        model.retiredFrom = uint64(block.number) + 1 + retirementNotice;
        emit Retiring(modelId, model.retiredFrom);
    }

    /// Gives up the right to retire a model.
    function makePermanent(bytes32 modelId) external {
        Model storage model = ownModel(modelId);
        if (model.retiredFrom != 0) revert AlreadyRetiring(modelId);
        model.permanent = true;
        emit MadePermanent(modelId);
    }

    /// Stops a model, or lets it run again, from the next block on, by a quorum of validators.
    function setSuspended(bytes32 modelId, bool suspended, bytes[] calldata signatures) external {
        Model storage model = models[modelId];
        if (model.activeFrom == 0) revert UnknownModel(modelId);
        requireQuorum(suspensionDigest(modelId, suspended), signatures);
        suspensionNonce[modelId]++;
        model.suspended = suspended;
        emit SuspensionChanged(modelId, suspended);
    }

    function getModel(bytes32 modelId) external view returns (Model memory) {
        if (models[modelId].author == address(0)) revert UnknownModel(modelId);
        return models[modelId];
    }

    function modelCount() external view returns (uint256) {
        return ids.length;
    }

    function modelsOf(address author) external view returns (bytes32[] memory) {
        return byAuthor[author];
    }

    /// Up to `count` model ids from position `from` on, in order of attestation.
    function list(uint256 from, uint256 count) external view returns (bytes32[] memory page) {
        uint256 length = ids.length;
        uint256 size = from >= length ? 0 : (count < length - from ? count : length - from);
        page = new bytes32[](size);
        for (uint256 i = 0; i < size; i++) {
            page[i] = ids[from + i];
        }
    }

    function getValidators() external view returns (address[] memory) {
        return validators;
    }

    /// Signatures needed: ceil(2n/3).
    function quorum() public view returns (uint256) {
        return (2 * validators.length + 2) / 3;
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(
            abi.encode(DOMAIN_TYPE, keccak256("Engram ModelRegistry"), keccak256("1"), block.chainid, address(this))
        );
    }

    function attestationDigest(bytes32 modelId, address author, uint16 royalty, bytes32[] calldata facts)
        public
        view
        returns (bytes32)
    {
        return digest(
            keccak256(
                abi.encode(
                    ATTESTATION_TYPE, modelId, author, royalty, keccak256(abi.encodePacked(facts)), inferenceConfigHash
                )
            )
        );
    }

    function suspensionDigest(bytes32 modelId, bool suspended) public view returns (bytes32) {
        return digest(keccak256(abi.encode(SUSPENSION_TYPE, modelId, suspended, suspensionNonce[modelId])));
    }

    function digest(bytes32 structHash) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), structHash));
    }

    function termsOf(bytes32 modelId, address author, uint16 royalty, bytes32[] calldata facts)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(modelId, author, royalty, facts));
    }

    function ownModel(bytes32 modelId) private view returns (Model storage model) {
        model = models[modelId];
        if (model.activeFrom == 0) revert UnknownModel(modelId);
        if (model.author != msg.sender) revert NotAuthor(model.author);
    }

    function requireQuorum(bytes32 signedDigest, bytes[] calldata signatures) private view {
        uint256 required = quorum();
        if (required == 0 || signatures.length < required) revert NoQuorum(required, signatures.length);
        address last = address(0);
        for (uint256 i = 0; i < signatures.length; i++) {
            address signer = recover(signedDigest, signatures[i]);
            if (signer <= last) revert SignersNotAscending();
            if (!isValidator(signer)) revert NotValidator(signer);
            last = signer;
        }
    }

    function isValidator(address candidate) private view returns (bool) {
        for (uint256 i = 0; i < validators.length; i++) {
            if (validators[i] == candidate) return true;
        }
        return false;
    }

    function recover(bytes32 signedDigest, bytes calldata signature) private pure returns (address signer) {
        if (signature.length != 65) revert MalformedSignature();
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        if (uint256(s) > LOW_S) revert MalformedSignature();
        signer = ecrecover(signedDigest, v < 27 ? v + 27 : v, r, s);
        if (signer == address(0)) revert MalformedSignature();
    }
}

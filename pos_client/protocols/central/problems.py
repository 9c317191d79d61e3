"""Every refusal of the contract: its code, status, when to try again, and a sentence for the cashier.

One table, from which the service answers and the published contract is held equal by a test. `retry`:

    never          the same request will always be refused
    same-key       the same bytes under the same key may succeed later; nothing has happened yet, or the twin answers
    new-operation  a new id or a new entry may succeed; this one will not
"""

from __future__ import annotations

from pos_client.value import dataclass

NEVER, SAME_KEY, NEW_OPERATION = "never", "same-key", "new-operation"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One line of the table. `message_vi` is said when the terminal has no words of its own for the code."""

    status: int
    retry: str
    message_vi: str


PROBLEMS: dict[str, ProblemKind] = {
    "malformed-request": ProblemKind(400, NEVER, "Yêu cầu không hợp lệ. Báo kỹ thuật."),
    "idempotency-key-missing": ProblemKind(400, NEVER, "Yêu cầu thiếu khóa. Báo kỹ thuật."),
    "device-auth-failed": ProblemKind(401, NEVER, "Thiết bị chưa được đăng ký."),
    "signature-expired": ProblemKind(401, SAME_KEY, "Đồng hồ của thiết bị sai. Đang chỉnh lại."),
    "enrolment-code-invalid": ProblemKind(403, NEVER, "Mã đăng ký sai, đã dùng hoặc hết hạn. Xin mã mới."),
    "terminal-suspended": ProblemKind(403, NEVER, "Thiết bị đang bị tạm ngừng dùng điểm. Gọi 1900 2828."),
    "terminal-quarantined": ProblemKind(403, NEVER, "Thiết bị bị cách ly, phải đăng ký lại. Gọi 1900 2828."),
    "station-mismatch": ProblemKind(403, NEVER, "Thiết bị không thuộc cửa hàng này."),
    "terminal-mismatch": ProblemKind(403, NEVER, "Giao dịch dùng điểm này thuộc thiết bị khác. Gọi 1900 2828."),
    "cashier-not-permitted": ProblemKind(403, NEVER, "Người này không được duyệt hủy giao dịch điểm."),
    "unknown-customer": ProblemKind(404, NEVER, "Không tìm thấy khách hàng."),
    "unknown-address": ProblemKind(404, NEVER, "Máy chủ không có địa chỉ này. Báo kỹ thuật."),
    "unknown-accrual": ProblemKind(404, SAME_KEY, "Chưa có giao dịch tích điểm này."),
    "unknown-bundle": ProblemKind(404, NEVER, "Không có gói cấu hình này."),
    "unknown-redemption": ProblemKind(404, SAME_KEY, "Chưa có giao dịch dùng điểm này."),
    "unknown-shift": ProblemKind(404, SAME_KEY, "Chưa nhận được ca này."),
    "method-not-offered": ProblemKind(405, NEVER, "Máy chủ không có thao tác này. Báo kỹ thuật."),
    "operation-in-progress": ProblemKind(409, SAME_KEY, "Giao dịch đang được xử lý."),
    "request-replayed": ProblemKind(409, SAME_KEY, "Yêu cầu đã được nhận trước đó. Đang kiểm tra lại."),
    "redemption-state-conflict": ProblemKind(409, NEVER, "Giao dịch dùng điểm đã ở trạng thái khác."),
    "hold-voided": ProblemKind(409, NEVER, "Giao dịch dùng điểm đã được hủy."),
    "hold-expired": ProblemKind(409, NEVER, "Quá thời gian giữ điểm. Chưa trừ điểm."),
    "hold-released": ProblemKind(409, NEVER, "Điểm đã giữ được trả lại cho khách."),
    "challenge-consumed": ProblemKind(409, NEVER, "Mã này không còn dùng được."),
    "sale-already-accrued": ProblemKind(409, NEVER, "Lần bơm này đã được tích điểm."),
    "already-reversed": ProblemKind(409, NEVER, "Giao dịch này đã được hủy trước đó."),
    "voucher-already-activated": ProblemKind(409, NEVER, "Phiếu điểm đã được kích hoạt. Dùng mã QR đã có."),
    "voucher-not-active": ProblemKind(422, NEW_OPERATION, "Phiếu điểm không còn dùng được."),
    "above-offline-limit": ProblemKind(422, NEW_OPERATION, "Số điểm vượt mức được dùng khi mất mạng."),
    "sequence-gap": ProblemKind(409, NEW_OPERATION, "Thiếu bản ghi nhật ký. Đang gửi lại."),
    "sequence-rollback": ProblemKind(409, NEVER, "Sổ của máy này cũ hơn bản trung tâm đã nhận. Gọi kỹ thuật."),
    "chain-fork": ProblemKind(409, NEVER, "Sổ của máy này khác bản trung tâm đã nhận. Gọi kỹ thuật."),
    "stale-session": ProblemKind(409, NEVER, "Thiết bị đã được mở ở nơi khác."),
    "quote-expired": ProblemKind(410, NEW_OPERATION, "Thông tin khách đã hết hạn. Nhận diện lại."),
    "challenge-expired": ProblemKind(410, NEW_OPERATION, "Mã đã hết hạn. Gửi lại mã mới."),
    "price-version-stale": ProblemKind(412, NEW_OPERATION, "Bảng giá đã đổi. Đang tải bảng giá mới."),
    "idempotency-key-reused": ProblemKind(422, NEVER, "Khóa giao dịch bị dùng lại. Báo kỹ thuật."),
    "insufficient-points": ProblemKind(422, NEW_OPERATION, "Không đủ điểm."),
    "below-minimum": ProblemKind(422, NEW_OPERATION, "Số điểm thấp hơn mức tối thiểu."),
    "too-late": ProblemKind(422, NEW_OPERATION, "Điểm của lần bơm này đã hết hạn trước khi gửi tới."),
    "customer-blocked": ProblemKind(422, NEW_OPERATION, "Tài khoản đang bị khóa. Gọi 1900 2828."),
    "product-not-allowed": ProblemKind(422, NEW_OPERATION, "Phiếu điểm không dùng cho mặt hàng này."),
    "method-not-allowed": ProblemKind(422, NEW_OPERATION, "Khách không dùng điểm theo cách này."),
    "voucher-right-missing": ProblemKind(422, NEW_OPERATION, "Lái xe chưa được cấp quyền “Quản lý phiếu điểm”."),
    "credential-wrong": ProblemKind(422, NEW_OPERATION, "Mã không đúng."),
    "credential-locked": ProblemKind(423, NEVER, "Mã đã bị khóa vì nhập sai nhiều lần."),
    "rate-limited": ProblemKind(429, SAME_KEY, "Quá nhiều yêu cầu. Thử lại sau."),
    "server-error": ProblemKind(500, SAME_KEY, "Máy chủ gặp lỗi. Đang kiểm tra lại."),
    "unavailable": ProblemKind(503, SAME_KEY, "Máy chủ tạm ngừng. Đang thử lại."),
}

// The container, backdrop, ribbon, loader and the one frame of this page. They stay in the page between openings.
const DEEP_BLUE = "#0b2358";

function styled(tag, className, css) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (css) element.style.cssText = css;
  return element;
}

const KEYFRAMES = "@keyframes rzp-rot{to{transform:rotate(360deg)}}";
const PLACE_OVER_PAGE =
  "z-index:2147483647;position:fixed;top:0;display:none;left:0;height:100%;width:100%;" +
  "-webkit-overflow-scrolling:touch;backface-visibility:hidden;overflow-y:visible";
const PLACE_IN_PARENT = "z-index:0;position:relative;display:none;height:100%;width:100%;min-height:600px";

function createStage() {
  const container = styled("div", "razorpay-container", PLACE_OVER_PAGE);
  const keyframes = document.createElement("style");
  keyframes.textContent = KEYFRAMES;
  const backdrop = styled(
    "div",
    "razorpay-backdrop",
    "min-height:100%;transition:0.3s ease-out;position:fixed;top:0;left:0;width:100%;height:100%",
  );
  const ribbon = styled(
    "span",
    "",
    "text-decoration:none;background:#a3261b;border:1px dashed #fff;padding:3px;opacity:0;transform:rotate(45deg);" +
      "transition:opacity 0.3s ease-in;font:bold 12px/1.4 system-ui,sans-serif;color:#fff;position:absolute;" +
      "width:200px;text-align:center;right:-50px;top:50px;z-index:1",
  );
  ribbon.textContent = "Test Mode";
  backdrop.append(ribbon);
  const frame = styled(
    "iframe",
    "razorpay-checkout-frame",
    "opacity:1;height:100%;position:relative;background:none;display:block;border:0 none transparent;" +
      "margin:0;padding:0;z-index:2;color-scheme:light",
  );
  frame.title = "Razorpay Checkout";
  const attributes = {
    allow: "otp-credentials",
    frameborder: "0",
    allowtransparency: "true",
    width: "100%",
    height: "100%",
  };
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  frame.src = FRAME_URL;
  container.append(keyframes, backdrop, frame);
  return { container, backdrop, ribbon, frame, loader: createLoader(), restore: [] };
}

function createLoader() {
  const loader = styled(
    "div",
    "razorpay-loader",
    "position:absolute;z-index:1;top:50%;left:50%;width:48px;height:48px;margin:-24px 0 0 -24px;border-radius:50%;" +
      "border:3px solid rgba(255,255,255,0.35);border-top-color:#fff;animation:rzp-rot 1s linear infinite;" +
      "box-sizing:border-box",
  );
  loader.setAttribute("role", "status");
  loader.setAttribute("aria-label", "Opening payment");
  return loader;
}

function replaceMeta(name, content) {
  const previous = document.querySelector(`meta[name="${name}"]`);
  const own = document.createElement("meta");
  own.name = name;
  own.content = content;
  if (previous) previous.replaceWith(own);
  else document.head.append(own);
  return () => (previous ? own.replaceWith(previous) : own.remove());
}

function holdPageStill() {
  const overflow = document.body.style.overflow;
  document.body.style.overflow = "hidden";
  return () => {
    document.body.style.overflow = overflow;
  };
}

function showStage(stage, options) {
  const embedded = Boolean(options.parent);
  stage.container.style.display = "block";
  stage.backdrop.style.display = embedded ? "none" : "block";
  stage.backdrop.style.transition = options.modal.animation ? "0.3s ease-out" : "none";
  stage.container.append(stage.loader);
  if (embedded) return;
  stage.restore = [
    holdPageStill(),
    replaceMeta("viewport", "width=device-width, initial-scale=1"),
    replaceMeta("theme-color", options.theme.color || DEEP_BLUE),
  ];
  void stage.backdrop.offsetWidth; // a style read here lets the colour fade in from nothing
  stage.backdrop.style.background = options.theme.backdrop_color;
  stage.ribbon.style.opacity = /^rzp_t/.test(options.key) ? "1" : "0";
  stage.frame.focus();
}

function releasePage(stage) {
  stage.loader.remove();
  stage.backdrop.style.background = "transparent";
  stage.ribbon.style.opacity = "0";
  for (const undo of stage.restore.splice(0)) undo();
}

function hideStage(stage) {
  stage.container.style.display = "none";
}

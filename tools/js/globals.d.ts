/** The payment window, as Razorpay's script offers it. */
interface RazorpayWindow {
  open(): void;
  close(): void;
  on(event: "payment.failed", heard: (failure?: { error?: { reason?: string } }) => void): void;
}

interface Window {
  /** There once the script has loaded. */
  Razorpay: new (options: object) => RazorpayWindow;
  /** What was typed into each text area, as early.js has seen it. */
  typed: WeakMap<Element, string>;
  pressed: WeakSet<Element>;
}

/** What the page shows that is being rendered; there is one at a time. */
declare var pageData: { status: number; head: { title: string; description: string; image: string }; view: object; shop?: { name: string; logo: string; links: { words: string; href: string }[] } };

declare module "react-router" {
  export function useLocation(): { pathname: string; search: string };
  export const Link: import("react").FunctionComponent<{ to: string; className?: string; "aria-label"?: string }>;
  export function useNavigate(): (to: string) => void;
  export function useNavigation(): { state: "idle" | "loading" | "submitting" };
}

declare module "socket.io-client" {
  /** Reflex reaches deep into it, and so do we. */
  export default function io(url: string, options: object): any;
}
